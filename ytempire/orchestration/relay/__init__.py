"""The relay: a vendor's own request and answer for another driver's run, paid by us: held before, recorded after."""
