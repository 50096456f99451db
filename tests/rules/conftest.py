"""Examples are counted, not timed: beside other tests each takes longer (hypothesis's own limit is 0.2 s)."""

from hypothesis import HealthCheck, settings

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
