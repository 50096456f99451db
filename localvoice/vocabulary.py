"""Tables of the front end: how written short forms are said in English."""

SYMBOLS: dict[str, tuple[str, ...]] = {
    "&": ("and",), "%": ("percent",), "‰": ("per", "mille"), "+": ("plus",), "=": ("equals",),
    "@": ("at",), "<": ("less", "than"), ">": ("greater", "than"), "~": ("about",), "≈": ("about",),
    "≠": ("is", "not"), "≤": ("at", "most"), "≥": ("at", "least"), "±": ("plus", "or", "minus"),
    "×": ("times",), "÷": ("divided", "by"), "√": ("square", "root", "of"), "∞": ("infinity",),
    "°": ("degrees",), "→": ("to",), "⇒": ("to",), "§": ("section",), "−": ("minus",),
    "½": ("one", "half"), "¼": ("one", "quarter"), "¾": ("three", "quarters"), "⅓": ("one", "third"),
    "⅔": ("two", "thirds"), "⅛": ("one", "eighth"), "²": ("squared",), "³": ("cubed",),
    "$": ("dollars",), "£": ("pounds",), "€": ("euros",), "¥": ("yen",), "₹": ("rupees",), "¢": ("cents",),
    "₩": ("won",), "₽": ("rubles",), "₺": ("lira",), "₪": ("shekels",), "₿": ("bitcoin",), "#": ("number",),
    "^": ("to", "the", "power", "of"), "∑": ("sum",), "∆": ("delta",), "µ": ("micro",),
    "/": ("slash",), "\\": ("backslash",),
}  # fmt: skip
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "θ": "theta", "λ": "lambda",
    "μ": "mu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega",
    "Γ": "gamma", "Δ": "delta", "Θ": "theta", "Λ": "lambda", "Π": "pi", "Σ": "sigma", "Φ": "phi", "Ψ": "psi",
    "Ω": "omega", "η": "eta", "ξ": "xi", "ζ": "zeta", "κ": "kappa", "ν": "nu",
}  # fmt: skip
CURRENCIES: dict[str, tuple[str, str, str, str]] = {  # one, many, one hundredth, hundredths
    "$": ("dollar", "dollars", "cent", "cents"), "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"), "¥": ("yen", "yen", "", ""), "₹": ("rupee", "rupees", "", ""),
    "₩": ("won", "won", "", ""), "₽": ("ruble", "rubles", "", ""), "₺": ("lira", "lira", "", ""),
    "₪": ("shekel", "shekels", "", ""), "₿": ("bitcoin", "bitcoin", "", ""),
}  # fmt: skip
CURRENCY_CODES = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
SCALES = {
    "k": "thousand", "K": "thousand", "m": "million", "M": "million", "mn": "million", "mm": "million",
    "bn": "billion", "b": "billion", "B": "billion", "tn": "trillion", "T": "trillion",
}  # fmt: skip
SCALE_WORDS = frozenset({"hundred", "thousand", "million", "billion", "trillion"})

_PER_HOUR, _PER_SECOND = ("per", "hour"), ("per", "second")
UNITS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    **{short: ((f"{name}",), (f"{name}s",)) for short, name in {
        "km": "kilometer", "cm": "centimeter", "mm": "millimeter", "m": "meter", "nm": "nanometer",
        "µm": "micrometer", "μm": "micrometer", "kg": "kilogram", "g": "gram", "mg": "milligram",
        "µg": "microgram", "μg": "microgram", "mcg": "microgram", "lb": "pound", "lbs": "pound",
        "oz": "ounce",
        "mi": "mile", "yd": "yard", "ml": "milliliter", "mL": "milliliter", "l": "liter", "L": "liter",
        "KB": "kilobyte", "kB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte",
        "PB": "petabyte",
        "hr": "hour", "hrs": "hour", "h": "hour", "min": "minute", "mins": "minute", "sec": "second",
        "secs": "second", "s": "second", "ms": "millisecond", "yr": "year", "yrs": "year", "kW": "kilowatt",
        "MW": "megawatt", "GW": "gigawatt", "W": "watt", "V": "volt", "kV": "kilovolt", "A": "amp",
        "kcal": "kilocalorie", "cal": "calorie", "ha": "hectare", "J": "joule", "kJ": "kilojoule",
        "dB": "decibel", "gal": "gallon", "MPa": "megapascal", "atm": "atmosphere",
        "N": "newton", "px": "pixel", "pt": "point", "pts": "point", "ly": "light year", "ft²": "square foot",
    }.items() if short not in {"ft²", "ly"}},
    "ft": (("foot",), ("feet",)), "Hz": (("hertz",), ("hertz",)), "kHz": (("kilohertz",), ("kilohertz",)),
    "MHz": (("megahertz",), ("megahertz",)), "GHz": (("gigahertz",), ("gigahertz",)),
    "ly": (("light", "year"), ("light", "years")),
    "kWh": (("kilowatt", "hour"), ("kilowatt", "hours")), "MWh": (("megawatt", "hour"), ("megawatt",
    "hours")),
    "TWh": (("terawatt", "hour"), ("terawatt", "hours")), "mAh": (("milliamp", "hours"), ("milliamp",
    "hours")),
    "mph": (("mile", *_PER_HOUR), ("miles", *_PER_HOUR)),
    "kph": (("kilometer", *_PER_HOUR), ("kilometers", *_PER_HOUR)),
    "km/h": (("kilometer", *_PER_HOUR), ("kilometers", *_PER_HOUR)),
    "kmh": (("kilometer", *_PER_HOUR), ("kilometers", *_PER_HOUR)),
    "m/s": (("meter", *_PER_SECOND), ("meters", *_PER_SECOND)),
    "m/s²": (("meter", *_PER_SECOND, "squared"), ("meters", *_PER_SECOND, "squared")),
    "mpg": (("mile", "per", "gallon"), ("miles", "per", "gallon")),
    "bpm": (("beat", "per", "minute"), ("beats", "per", "minute")),
    "km/s": (("kilometer", *_PER_SECOND), ("kilometers", *_PER_SECOND)),
    "fps": (("frame", *_PER_SECOND), ("frames", *_PER_SECOND)),
    "Mbps": (("megabit", *_PER_SECOND), ("megabits", *_PER_SECOND)),
    "Gbps": (("gigabit", *_PER_SECOND), ("gigabits", *_PER_SECOND)),
    "rpm": (("revolution", "per", "minute"), ("revolutions", "per", "minute")),
    "ppm": (("part", "per", "million"), ("parts", "per", "million")),
    "°C": (("degree", "Celsius"), ("degrees", "Celsius")),
    "°F": (("degree", "Fahrenheit"), ("degrees", "Fahrenheit")),
    "°": (("degree",), ("degrees",)), "K": (("kelvin",), ("kelvin",)),
    "%": (("percent",), ("percent",)), "‰": (("per", "mille"), ("per", "mille")),
    "¢": (("cent",), ("cents",)), "in": (("inch",), ("inches",)),
    "sq": (("square",), ("square",)), "cc": (("c.c",), ("c.c",)),
}  # fmt: skip
# Written apart from their number these are ordinary words or letters more often than units.
UNITS_ONLY_GLUED = frozenset({"in", "A", "K", "N", "J", "pt", "pts", "h", "V", "W", "cal", "L"})
PER = {"mo": "month", "yr": "year", "hr": "hour", "wk": "week", "sec": "second", "s": "second", "h": "hour"}

MONTHS = dict(zip(
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    ["January", "February", "March", "April", "May", "June",
     "July", "August", "September", "October", "November", "December"],
    strict=True,
)) | {"Sept": "September"}  # fmt: skip
MONTH_NAMES = frozenset(MONTHS.values())
DAYS = {
    "Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday",
    "Thurs": "Thursday", "Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday",
}  # fmt: skip
TITLES = {  # before a name, with or without a full stop
    "Mr": "mister", "Mrs": "missus", "Ms": "miz", "Dr": "doctor", "Prof": "professor", "St": "saint",
    "Mt": "mount", "Ft": "fort", "Gen": "general", "Gov": "governor", "Sen": "senator",
    "Rep": "representative",
    "Capt": "captain", "Lt": "lieutenant", "Col": "colonel", "Sgt": "sergeant", "Rev": "reverend",
    "Pres": "president", "Cpl": "corporal", "Maj": "major", "Adm": "admiral", "Cmdr": "commander",
}  # fmt: skip
SAINTS = frozenset({
    "Louis", "Petersburg", "Helens", "Paul", "Peter", "Patrick", "Francis", "John", "Mary", "Nicholas",
    "Andrews",
    "George", "Augustine", "Thomas", "Joseph", "Lucia", "Moritz", "Tropez", "Lawrence", "Kitts", "Vincent",
})  # fmt: skip
AFTER_A_NAME = {"St": "street", "Dr": "drive", "Mt": "mountain"}
ABBREVIATIONS = {  # these lose their full stop; case as written
    "Jr": ("junior",), "Sr": ("senior",), "Ave": ("avenue",), "Blvd": ("boulevard",), "Rd": ("road",),
    "Hwy": ("highway",), "Ltd": ("limited",), "Inc": ("incorporated",), "Corp": ("corporation",),
    "Bros": ("brothers",), "Dept": ("department",), "Univ": ("university",), "Govt": ("government",),
    "approx": ("approximately",), "vs": ("versus",), "Vs": ("versus",), "etc": ("et", "cetera"),
    "e.g": ("for", "example"), "E.g": ("for", "example"), "i.e": ("that", "is"), "I.e": ("that", "is"),
    "cf": ("compare",), "ca": ("circa",), "incl": ("including",), "max": ("maximum",), "avg": ("average",),
}  # fmt: skip
BARE_ABBREVIATIONS = frozenset({"vs", "Vs", "etc", "approx"})  # said so even without the full stop
BEFORE_A_NUMBER = {
    "No": "number", "no": "number", "Nos": "numbers", "Fig": "figure", "fig": "figure", "Vol": "volume",
    "vol": "volume", "Ch": "chapter", "ch": "chapter", "p": "page", "pp": "pages", "Sec": "section",
    "est": "established", "c": "circa",
}  # fmt: skip
SLASHED = {
    "w/": ("with",),
    "w/o": ("without",),
    "n/a": ("N.A",),
    "N/A": ("N.A",),
    "and/or": ("and", "or"),
    "he/she": ("he", "or", "she"),
    "his/her": ("his", "or", "her"),
    "him/her": ("him", "or", "her"),
}
ROMAN_AFTER_CARDINAL = frozenset(
    [
        "Chapter",
        "Part",
        "Act",
        "Scene",
        "Section",
        "Volume",
        "Book",
        "Phase",
        "Article",
        "War",
        "Mark",
        "Type",
        "Level",
        "Stage",
        "Class",
        "Grade",
        "Bowl",
        "Apollo",
        "Gemini",
        "Fantasy",
        "Episode",
        "Round",
        "Rocky",
        "Season",
        "Title",
        "Saturn",
    ]
)
ROMAN_AFTER_ORDINAL = frozenset(
    [
        "Pope",
        "King",
        "Queen",
        "Henry",
        "Louis",
        "Edward",
        "George",
        "William",
        "Charles",
        "James",
        "Richard",
        "Elizabeth",
        "Napoleon",
        "Pius",
        "Benedict",
        "Leo",
        "Paul",
        "Ramses",
        "Frederick",
        "Philip",
        "Alexander",
        "Nicholas",
        "Peter",
        "Catherine",
        "Ivan",
        "Gustav",
        "Christian",
        "Ferdinand",
        "Xerxes",
        "Cleopatra",
        "Ptolemy",
        "Darius",
        "Mehmed",
        "Murad",
        "Wilhelm",
        "Francis",
        "Leopold",
        "Otto",
    ]
)
FRACTION_PARTS = {2: "half", 3: "third", 4: "quarter"}
RATIOS_BY = frozenset({"16:9", "9:16", "4:3", "21:9", "4:5"})
