//! Notices as all kinds of communities write them, and what is read out of each: days, hours, zone | place. Nothing: no event is published.

use noticeboard::extract::{Prose, candidates, extract};
use noticeboard::model::{About, Found, TimeSpan, Verdict};

/// Below this nothing is published.
const SURE: f32 = 0.5;

/// Day of publication, title, text, reading.
type Case = (&'static str, &'static str, &'static str, &'static str);

fn span(at: &TimeSpan) -> String {
    let mut out = at.first.to_string();
    out.extend(at.last.map(|last| format!("..{last}")));
    out.extend(at.from.map(|from| from.format(" %H:%M").to_string()));
    out.extend(at.to.map(|to| to.format("-%H:%M").to_string()));
    out.extend(at.zone.iter().map(|zone| format!(" {zone}")));
    out
}

fn told(found: &Found) -> String {
    let when = found.statements.iter().find_map(|statement| match &statement.about {
        About::When(at) => Some(span(at)),
        About::Repeats { rule, from, .. } => {
            Some(format!("{rule}{}", from.map(|from| from.format(" %H:%M").to_string()).unwrap_or_default()))
        }
        _ => None,
    });
    let place = found.statements.iter().find_map(|statement| match &statement.about {
        About::Place { name, address, room } => {
            Some([room, name, address].into_iter().flatten().cloned().collect::<Vec<_>>().join(", "))
        }
        About::Online { name, .. } => Some(format!("online: {name}")),
        _ => None,
    });
    let recap = if found.verdict == Verdict::Recap { " (recap)" } else { "" };
    format!("{}{}{recap}", when.unwrap_or_default(), place.map(|place| format!(" | {place}")).unwrap_or_default())
}

/// Title, text, reading.
type Notice = (&'static str, &'static str, &'static str);

fn check(cases: &[Case]) {
    let wrong: Vec<String> = cases.iter().filter_map(|case| wrong("en", case)).collect();
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Notices of 2 March 2026, a Monday, in several languages.
fn check_all(notices: &[(&str, &[Notice])]) {
    let read = |(language, notices): &(&str, &[Notice])| -> Vec<String> {
        let case = |(title, text, expected): &Notice| wrong(language, &("2026-03-02", title, text, expected));
        notices.iter().filter_map(case).collect()
    };
    let wrong: Vec<String> = notices.iter().flat_map(read).collect();
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// What is read otherwise than expected, with the evidence of its dates.
fn wrong(language: &str, (published, title, text, expected): &Case) -> Option<String> {
    let html = if text.starts_with('<') { (*text).to_owned() } else { format!("<p>{text}</p>") };
    let published = published.parse().ok();
    let prose = Prose { title, summary: None, html: &html, published, seen: published, language };
    let read = extract(&prose);
    let sure: Vec<String> = read.found.iter().filter(|found| found.confidence >= SURE).map(told).collect();
    if sure.join("; ") == *expected {
        return None;
    }
    let all: Vec<_> = read.found.iter().map(|found| (found.confidence, told(found))).collect();
    let evidence: String = candidates(&prose).iter().map(|evidence| format!("\n    {evidence:?}")).collect();
    Some(format!("{title}: {text}\n    read: {all:?}\n    not:  {expected}{evidence}"))
}

#[test]
#[rustfmt::skip]
fn notices_of_clubs_and_parishes() {
    check(&[
        ("2025-10-28", "Come and sing", "The Dart Valley Singers invite you on Saturday 6th December, from 2 to 6.30 pm, at St Aldhelm’s Church, Fore Street, Totnes.",
            "2025-12-06 14:00-18:30 | St Aldhelm’s Church, Fore Street, Totnes"),
        ("2025-06-02", "Bake sale", "The bake sale is on 6/13/2025 from 11:30 AM to 1:00 PM in the Lincoln Elementary gym. Questions: 555-0188.",
            "2025-06-13 11:30-13:00 | Lincoln Elementary gym"),
        ("2025-06-02", "Jumble sale", "Jumble sale, Scout Hut, Wharf Lane, 14/06/2025, 10am to noon.", "2025-06-14 10:00-12:00 | Scout Hut, Wharf Lane"),
        ("2025-10-05", "Spooky hack night", "Friday 31st October, 6pm to midnight, Unit 6, Canal Works, Sheffield.",
            "2025-10-31 18:00-00:00 | Unit 6, Canal Works, Sheffield"),
        ("2025-11-12", "Repair café, Thursday", "The next one is on Thu 20 Nov, 17.30-20.00, usual place (Community Centre, Elm Road).",
            "2025-11-20 17:30-20:00 | Community Centre, Elm Road"),
        ("2025-12-20", "New Year’s swim", "As every year we greet the new year in the sea: 1 January, 11 am, Sandy Cove.", "2026-01-01 11:00 | Sandy Cove"),
        ("2025-05-12", "Change of venue", "The run on Saturday 24 May will start from the Millbrook Recreation Ground. It starts at 9am. Please arrive by 8:45.",
            "2025-05-24 09:00 | Millbrook Recreation Ground"),
        ("2025-10-02", "Live: The Copper Foxes", "Saturday 15 November, The Boiler House, Cardiff. Doors 19:00, start 20:00. £9 in advance.",
            "2025-11-15 20:00 | Boiler House, Cardiff"),
        ("2025-03-28", "The Mirrormakers live", "Fri 11 April · Blue Lantern, 77 Calle Mayor, Zaragoza, Spain · doors 8 pm, show 9 pm · tickets 12 €",
            "2025-04-11 21:00 | Blue Lantern, 77 Calle Mayor, Zaragoza, Spain"),
        ("2025-02-24", "A gathering for Tobias", "Friends are welcome to a gathering at 2pm on Saturday 8 March at the Quaker Meeting House, 188 Woodhouse Lane, Leeds.",
            "2025-03-08 14:00 | Quaker Meeting House, 188 Woodhouse Lane, Leeds"),
        ("2026-02-20", "Trail work day", "Help us! Sat., March 7, 8:30 a.m. - 2 p.m. Meet at the Ranger Station, 2200 Ridge Rd, Boulder, CO. Rain date: March 14.",
            "2026-03-07 08:30-14:00 | Ranger Station, 2200 Ridge Rd, Boulder, CO"),
        ("2025-03-17", "Spring 10k", "Entries are open for the Spring 10k on Sunday, April 27. Race starts at 10:00 a.m.; fee $35, $45 after April 10.", "2025-04-27 10:00"),
        ("2025-05-01", "Summer fair", "Join us for the summer fair on the weekend of 7 June.", "2025-06-07..2025-06-08"),
        ("2025-05-10", "Open weekend", "The garden opens on Sat/Sun 7/8 June, bring a friend.", "2025-06-07..2025-06-08"),
        ("2025-05-01", "June meetup", "We meet on the third Thursday of June at 19:00.", "2025-06-19 19:00"),
        ("2025-05-01", "May picnic", "We meet on the last Friday in May, noon–2 pm.", "2025-05-30 12:00-14:00"),
        ("2025-03-20", "Workshop", "We bind books on 26&nbsp;April&nbsp;2025, 9.30&nbsp;am&nbsp;–&nbsp;4.30&nbsp;pm.", "2025-04-26 09:30-16:30"),
    ]);
}

#[test]
#[rustfmt::skip]
fn addresses_of_many_countries() {
    let cases = [
        ("to Kulturzentrum Faust, Zur Bettfedernfabrik 3, 30451 Hannover, Germany", "Kulturzentrum Faust, Zur Bettfedernfabrik 3, 30451 Hannover, Germany"),
        ("at La Fabrique, 14 rue de la République, 69001 Lyon, France", "La Fabrique, 14 rue de la République, 69001 Lyon, France"),
        ("at the Startup House, Rua do Alecrim 26, 1200-018 Lisbon, Portugal", "Startup House, Rua do Alecrim 26, 1200-018 Lisbon, Portugal"),
        ("in the Amphithéâtre Curie, Grenoble, France", "Amphithéâtre Curie, Grenoble, France"),
        ("at Larch Farm, Nelson, BC", "Larch Farm, Nelson, BC"),
        ("in the heart of things", ""),
        ("in our Matrix room", ""),
        ("in Rust", ""),
    ];
    for (words, place) in cases {
        let html = format!("<p>The workshop is on 18 October 2025, 14:00–20:00.</p><p>Come {words}.</p>");
        let read = extract(&Prose { title: "Workshop", summary: None, html: &html, published: "2025-09-15".parse().ok(), seen: None, language: "en" });
        let told = read.found.iter().flat_map(|found| &found.statements).find_map(|statement| match &statement.about {
            About::Place { name, address, .. } => Some([name, address].into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")),
            _ => None,
        });
        assert_eq!(told.unwrap_or_default(), place, "{words}");
    }
}

#[test]
#[rustfmt::skip]
fn several_occasions_in_one_text() {
    check(&[
        ("2025-04-10", "Pottery evenings", "Three evenings at the wheel: 6, 13 and 20 May 2025, from 6 to 8 pm.",
            "2025-05-06 18:00-20:00; 2025-05-13 18:00-20:00; 2025-05-20 18:00-20:00"),
        ("2025-04-10", "Pottery workshop", "The workshop takes place on 6 and 8 May 2025.", "2025-05-06..2025-05-08"),
        ("2026-01-12", "Winter lectures", "<p>All lectures begin at 18:30 and are held in the Fisher Theatre.</p><table><tr><th>Date</th><th>Speaker</th></tr>\
            <tr><td>22 January</td><td>Dr Marsh</td></tr><tr><td>5 February</td><td>Prof. Nilsen</td></tr><tr><td>19 February</td><td>Hana Ito</td></tr></table>",
            "2026-01-22 18:30 | Fisher Theatre; 2026-02-05 18:30 | Fisher Theatre; 2026-02-19 18:30 | Fisher Theatre"),
        ("2025-10-01", "October at the barn", "<p>Coming up:</p><ul><li>Saturday 11 October, 10:00–13:00: Spoon carving</li>\
            <li>Wednesday 15 October, 19:30: Film night</li><li>25–26 October: Autumn market</li></ul>",
            "2025-10-11 10:00-13:00; 2025-10-15 19:30; 2025-10-25..2025-10-26"),
        ("2025-09-05", "Concerts this autumn", "<h2>Sibelius</h2><p>Saturday 27 September, 7.30pm, Town Hall</p>\
            <h2>Bach</h2><p>Saturday 25 October, 7.30pm, St Jude’s Cathedral</p><h2>Family concert</h2><p>Saturday 29 November, 3pm, Town Hall</p>",
            "2025-09-27 19:30 | Town Hall; 2025-10-25 19:30 | St Jude’s Cathedral; 2025-11-29 15:00 | Town Hall"),
        ("2025-02-27", "Repair Saturdays", "On the first Saturday of each month, 10:00–13:00, we mend things at Unit 4, Mill Lane.", "FREQ=MONTHLY;BYDAY=1SA 10:00 | Unit 4, Mill Lane"),
        ("2025-02-27", "Calls", "Our monthly newcomers’ call is on the first Friday of every month at 18:00 UTC.", "FREQ=MONTHLY;BYDAY=1FR 18:00"),
    ]);
}

#[test]
#[rustfmt::skip]
fn moved_days_and_minutes() {
    check(&[
        ("2025-03-03", "Spring regatta postponed", "The regatta planned for Saturday 22 March has been postponed. It will now take place on Saturday 12 April.", "2025-04-12"),
        ("2025-06-01", "Minutes of 28 May 2025", "<p>Present: Ro, Jun.</p><h2>Next meeting</h2><p>25 June, 15:00 UTC</p>", "2025-06-25 15:00 UTC"),
        ("2025-08-14", "Steering group notes, 13 August 2025", "Attendees: Ro, Jun. Jun will write to the sponsors by 20 August.", ""),
    ]);
}

#[test]
#[rustfmt::skip]
fn what_has_a_date_but_asks_nobody_to_come() {
    check(&[
        ("2025-12-01", "Rubbish over the holidays", "<ul><li>Thursday 25 December: no collection</li><li>Saturday 27 December: grey bins</li><li>Friday 2 January: green bins</li></ul>", ""),
        ("2025-02-18", "No trains on Friday", "There will be no trains on Friday 21 February from 4:00 to 22:00 because of the strike.", ""),
        ("2025-11-10", "Christmas orders", "Order your tree by Sunday 30 November.", ""),
        ("2026-01-09", "We’re hiring a gardener", "Apply by 5pm on Friday 6 February. Interviews will be held in the week of 16 February.", ""),
        ("2025-02-11", "Save the week", "The next assembly will be in the first week of May, probably in Ghent.", ""),
        ("2025-02-20", "Remembering Tobias", "Tobias, who founded our club in 1987, died on 11 February 2025. He was born on 3 May 1943.", ""),
        ("2025-05-06", "Post-mortem of the outage", "On Saturday 3 May between 14:05 and 16:40 UTC our site could not be reached.", ""),
        ("2025-08-20", "Term dates", "Autumn term: 3 September to 19 December 2025. Spring term: 6 January to 27 March 2026.", ""),
    ]);
}

#[test]
#[rustfmt::skip]
fn what_is_announced_for_an_hour_but_asks_nobody_to_come() {
    check(&[
        ("2025-05-01", "Server move next week", "We will move the mail server on Thursday 8 May 2025 between 20:00 and 23:00 UTC.", ""),
        ("2025-06-10", "Road closed", "Station Road will be closed on Tuesday 17 June from 8am to 5pm. Buses stop at the Town Hall instead.", ""),
        ("2025-09-01", "Heronix 5 lands in October", "The fifth version will be released on Tuesday 14 October 2025.", ""),
        ("2025-03-01", "Vote for the new logo", "Voting opens on Monday 10 March 2025 at 12:00 UTC and closes on Monday 17 March at 12:00 UTC.", ""),
    ]);
}

#[test]
fn one_zone_may_be_said_for_all_hours() {
    let html = "<p>The workshop is held on 15–16 September 2025. All times are in CEST.</p><table><tr><th>Date</th><th>Interval</th><th>Topic</th></tr>\
        <tr><td>15 Sep</td><td>09:00–10:00</td><td>Peat</td></tr><tr><td>15 Sep</td><td>10:00–11:00</td><td>Moss</td></tr>\
        <tr><td>16 Sep</td><td>09:00–10:00</td><td>Bogs</td></tr></table>";
    let published = "2025-06-01".parse().ok();
    let read =
        extract(&Prose { title: "Workshop on peat", summary: None, html, published, seen: None, language: "en" });
    let zones: Vec<_> = read.found[0]
        .statements
        .iter()
        .filter_map(|statement| match &statement.about {
            About::Session { at, .. } => at.from.and(at.zone.as_deref()),
            _ => None,
        })
        .collect();
    assert_eq!(zones, ["CEST"; 3]);
}

#[test]
#[rustfmt::skip]
fn german_notices() {
    check_all(&[
        ("de", &[
            ("Dorffest an der Mühle", "Die Freiwillige Feuerwehr lädt am Samstag, 13. Juni 2026, ab 15 Uhr zum Dorffest auf dem Festplatz ein. Für Kaffee und Kuchen ist gesorgt.",
                "2026-06-13 15:00 | Festplatz"),
            ("Hacknacht im März", "Am Freitag, 27. März, löten und basteln wir von 19 bis 23 Uhr im Bürgerhaus, Lange Gasse 4, 35037 Marburg.",
                "2026-03-27 19:00-23:00 | Bürgerhaus, Lange Gasse 4, 35037 Marburg"),
            ("Chorprobe", "Wir proben jeden Dienstag um 20 Uhr im Gemeindehaus. Neue Stimmen sind willkommen.", "FREQ=WEEKLY;BYDAY=TU 20:00 | Gemeindehaus"),
            ("Sommerkonzert verschoben", "Das Konzert am 6. Juni 2026 wird verschoben. Neuer Termin ist Samstag, der 20. Juni 2026, 19 Uhr.", "2026-06-20 19:00"),
            ("Version 3.2 ist da", "Am 26. Februar 2026 haben wir Version 3.2 veröffentlicht. Sie behebt 14 Fehler.", ""),
            ("Wir suchen eine Bibliothekarin", "Bewerbungen bitte bis zum 15. April 2026. Die Stelle ist ab 1. Juni 2026 zu besetzen. Telefon 06421 5550-12.", ""),
        ]),
    ]);
}

#[test]
#[rustfmt::skip]
fn french_notices() {
    check_all(&[
        ("fr", &[
            ("Vide-grenier du printemps", "Le vide-grenier aura lieu le dimanche 12 avril 2026 de 8h à 17h, place de la Mairie, Saint-Aubin.",
                "2026-04-12 08:00-17:00 | place de la Mairie, Saint-Aubin"),
            ("Concert de la chorale", "La chorale Les Hirondelles chantera le samedi 21 mars à 20h30 à l’église Saint-Martin.", "2026-03-21 20:30 | église Saint-Martin"),
            ("Atelier de réparation", "Tous les premiers samedis du mois, de 14h à 17h, à la Maison du Peuple.", "FREQ=MONTHLY;BYDAY=1SA 14:00 | Maison du Peuple"),
            ("Lettre d’information n° 12", "L’adhésion coûte 25 € jusqu’au 31 mars 2026. Renseignements au 01 55 55 12 30.", ""),
            ("Nouvelle version 5.0", "La version 5.0 est sortie le 24 février 2026 et corrige 12 bogues.", ""),
        ]),
    ]);
}

#[test]
#[rustfmt::skip]
fn spanish_italian_and_portuguese_notices() {
    check_all(&[
        ("es", &[
            ("Feria del pueblo", "La feria se celebra del 5 al 7 de junio de 2026 en la Plaza Mayor de Valdearenas. Entrada libre.",
                "2026-06-05..2026-06-07 | Plaza Mayor de Valdearenas"),
            ("Club de lectura", "Nos reunimos el jueves 19 de marzo a las 19:30 en la Biblioteca Municipal, calle del Sol 8, Cuenca.",
                "2026-03-19 19:30 | Biblioteca Municipal, calle del Sol 8, Cuenca"),
            ("Publicada la versión 2.0", "La versión 2.0 se publicó el 24 de febrero de 2026. Corrige 12 errores.", ""),
        ]),
        ("it", &[
            ("Sagra delle castagne", "La sagra si terrà sabato 17 e domenica 18 ottobre 2026 in Piazza Garibaldi, Marradi.", "2026-10-17..2026-10-18 | Piazza Garibaldi, Marradi"),
            ("Letture ad alta voce", "Venerdì 20 marzo alle 17:30, presso la Biblioteca Comunale, leggiamo fiabe. Ingresso libero.", "2026-03-20 17:30 | Biblioteca Comunale"),
            ("Cerchiamo un custode", "Inviare la domanda entro il 30 aprile 2026. Lo stipendio è di 1.450 euro al mese.", ""),
        ]),
        ("pt", &[
            ("Festa da aldeia", "A festa da aldeia realiza-se de 14 a 16 de agosto de 2026 no Largo da Igreja, em Alte.", "2026-08-14..2026-08-16 | Largo da Igreja"),
            ("Ensaio aberto do coro", "O coro convida para um ensaio aberto na quarta-feira, 8 de abril, às 21h, no Salão Paroquial.", "2026-04-08 21:00 | Salão Paroquial"),
            ("Boletim de março", "A quota anual é de 20 €, a pagar até 30 de abril de 2026. Telefone: 289 555 123.", ""),
        ]),
    ]);
}

#[test]
#[rustfmt::skip]
fn dutch_danish_and_swedish_notices() {
    check_all(&[
        ("nl", &[
            ("Dorpsmarkt", "De dorpsmarkt is op zaterdag 16 mei 2026 van 10.00 tot 16.00 uur op het Kerkplein in Oudeschans.", "2026-05-16 10:00-16:00 | Kerkplein in Oudeschans"),
            ("Hackavond", "Donderdag 9 april om 19:30 uur komen we samen in De Werkplaats, Kanaalweg 12, Utrecht.", "2026-04-09 19:30 | Werkplaats, Kanaalweg 12, Utrecht"),
            ("Versie 4.1 uitgebracht", "Op 26 februari 2026 is versie 4.1 verschenen, met 30 verbeteringen.", ""),
        ]),
        ("da", &[
            ("Loppemarked", "Der er loppemarked lørdag den 9. maj 2026 kl. 10-15 i Forsamlingshuset, Bygaden 3, Veddum.", "2026-05-09 10:00-15:00 | Forsamlingshuset, Bygaden 3, Veddum"),
            ("Fællessang i foråret", "Vi synger sammen onsdag den 15. april kl. 19.30 i Sognegården.", "2026-04-15 19:30 | Sognegården"),
            ("Vi søger en pedel", "Send din ansøgning senest den 1. april 2026. Løn efter aftale, telefon 55 55 12 34.", ""),
        ]),
        ("sv", &[
            ("Hantverksmarknad", "Välkommen till hantverksmarknaden lördagen den 28 november 2026 kl. 11–16 i Bygdegården, Sörby.", "2026-11-28 11:00-16:00 | Bygdegården, Sörby"),
            ("Kodkväll", "Vi ses torsdag 16 april klockan 18.00 på Stadsbiblioteket i Lund.", "2026-04-16 18:00 | Stadsbiblioteket i Lund"),
            ("Nyhetsbrev i mars", "Medlemsavgiften är 200 kr och betalas senast 31 mars 2026. Telefon 046-555 12 34.", ""),
        ]),
    ]);
}

#[test]
#[rustfmt::skip]
fn romanian_polish_and_czech_notices() {
    check_all(&[
        ("ro", &[
            ("Târg de primăvară", "Vă invităm sâmbătă, 25 aprilie 2026, între orele 10 și 18, la Târgul de primăvară din Piața Sfatului, Brașov.",
                "2026-04-25 10:00-18:00 | Piața Sfatului, Brașov"),
            ("Seară de lectură", "Seara de lectură are loc joi, 19 martie, la ora 18:30, la Biblioteca Județeană.", "2026-03-19 18:30 | Biblioteca Județeană"),
            ("Angajăm un paznic", "Trimiteți cererea până la 15 aprilie 2026. Salariul este de 3.200 lei.", ""),
        ]),
        ("pl", &[
            ("Festyn wiejski", "Zapraszamy na festyn w niedzielę 14 czerwca 2026 r. o godz. 14:00 na boisku szkolnym.", "2026-06-14 14:00"),
            ("Klub książki", "Spotykamy się w czwartek 19 marca o 18:00 w Bibliotece Miejskiej, ul. Długa 5, Toruń.", "2026-03-19 18:00 | Bibliotece Miejskiej, ul. Długa 5, Toruń"),
            ("Wersja 2.1 wydana", "Wersję 2.1 wydaliśmy 26 lutego 2026. Naprawia 9 błędów.", ""),
        ]),
        ("cs", &[
            ("Pouť ve Lhotě", "Srdečně vás zveme na pouť, která se koná v sobotu 20. června 2026 od 14 hodin na návsi.", "2026-06-20 14:00 | Lhotě"),
            ("Večer s Pythonem", "Sejdeme se ve středu 15. dubna v 18:00 v kavárně Kolo, Údolní 12, Brno.", "2026-04-15 18:00 | kavárně Kolo, Údolní 12, Brno"),
            ("Zápis ze schůze", "Přítomni: Jana, Petr. Rozpočet byl schválen. Příspěvek 300 Kč zaplaťte do 31. března 2026.", ""),
        ]),
    ]);
}

#[test]
#[rustfmt::skip]
fn russian_japanese_and_chinese_notices() {
    check_all(&[
        ("ru", &[
            ("Ярмарка ремёсел", "Ярмарка пройдёт 16 и 17 мая 2026 года в Доме культуры, ул. Садовая, 7. Вход свободный.", "2026-05-16..2026-05-17 | Доме культуры, ул. Садовая, 7"),
            ("Вечер чтения", "Приглашаем на вечер чтения в четверг, 19 марта, в 19:00 в городской библиотеке.", "2026-03-19 19:00"),
            ("Вышла версия 1.4", "Версия 1.4 вышла 26 февраля 2026 года. Исправлено 10 ошибок.", ""),
        ]),
        ("ja", &[
            ("春の朗読会", "朗読会を2026年4月18日（土）午後2時から市立図書館で開催します。", "2026-04-18 14:00 | 市立図書館"),
            ("もくもく会のお知らせ", "<p>日時：4月9日（木）19:00〜21:00</p><p>場所：港コワーキング</p>", "2026-04-09 19:00-21:00 | 港コワーキング"),
            ("バージョン2.3をリリースしました", "2026年2月26日にバージョン2.3を公開しました。", ""),
        ]),
        ("zh", &[
            ("社区春季市集", "市集将于2026年4月25日（星期六）上午10点至下午4点在人民公园举行，欢迎参加。", "2026-04-25 10:00-16:00 | 人民公园"),
            ("读书会", "<p>时间：3月19日 19:00</p><p>地点：市图书馆二楼</p>", "2026-03-19 19:00 | 市图书馆二楼"),
            ("招聘启事", "报名截止日期为2026年4月15日，工资面议，电话 010-5555-1234。", ""),
        ]),
    ]);
}

#[test]
#[rustfmt::skip]
fn places_in_running_text() {
    check_all(&[
        ("en", &[
            ("Weave meeting", "The weave meeting takes place on 5 May 2026 at the Loom House - Heidelberg in Germany.", "2026-05-05 | Loom House, Heidelberg, Germany"),
            ("Weave meeting", "The meeting is on 5 May 2026. We have booked the lecture hall in the Loom House (in Turku/Finland).", "2026-05-05 | Loom House, Turku/Finland"),
            ("Weave meeting", "The meeting takes place on 5 May 2026 in Turku, at the Old Mill.", "2026-05-05 | Old Mill, Turku"),
            ("Weave meeting", "The meeting takes place on 5 May 2026 near Lisbon.", "2026-05-05 | near Lisbon"),
            ("Weave meeting", "The meeting takes place at the Old Mill on 5 May 2026. Ann comes from the University of Turku.", "2026-05-05 | Old Mill"),
            ("Weave webinar", "Join the webinar on 5 May 2026. Our host is Ann, a researcher at the University of Turku.", "2026-05-05"),
            ("Weave meeting", "The online meeting is on 5 May 2026. We will talk about working in teams of three.", "2026-05-05"),
            ("Weave meeting", "The meeting is on 5 May 2026 and will be held via Teams.", "2026-05-05 | online: Teams"),
            ("Weave meeting", "The weave meeting on 5 May 2026 takes place at Dock7 in Turku, Finland.", "2026-05-05 | Dock7, Turku, Finland"),
            ("Weave meeting", "The meeting is on 5 May 2026, online through Webex: https://ponds.webex.com/ponds/j.php?MTID=1.", "2026-05-05 | online: Webex"),
        ]),
        ("de", &[
            ("Webertreffen", "Das Treffen findet vom 5. bis 7. Mai 2026 in der Nähe von Berlin statt.", "2026-05-05..2026-05-07 | in der Nähe von Berlin"),
            ("Webertreffen", "Am 5. Mai 2026 treffen wir uns zum Weben in Flensburg (Deutschland).", "2026-05-05 | Flensburg, Deutschland"),
        ]),
        ("fr", &[
            ("Atelier de tissage", "L’atelier aura lieu le 5 mai 2026 à la Maison des associations de Villeurbanne.", "2026-05-05 | Maison des associations de Villeurbanne"),
        ]),
        ("pl", &[
            ("Spotkanie tkaczy", "Spotkanie odbędzie się 5 maja 2026 w Krakowie, w Bibliotece Miejskiej.", "2026-05-05 | Bibliotece Miejskiej, Kraków"),
            ("Spotkanie tkaczy", "Spotkanie odbędzie się 5 maja 2026 w Łodzi.", "2026-05-05 | Łódź"),
        ]),
        ("ro", &[("Întâlnire", "Ne vedem pe 5 mai 2026 lângă Biblioteca Județeană.", "2026-05-05 | Biblioteca Județeană")]),
        ("nl", &[("Weefmiddag", "De weefmiddag vindt plaats op 5 mei 2026 nabij Utrecht.", "2026-05-05 | nabij Utrecht")]),
        ("cs", &[("Setkání tkalců", "Setkání se koná 5. května 2026 v Olomouci.", "2026-05-05 | Olomouc")]),
        ("ru", &[("Встреча ткачей", "Встреча пройдёт 5 мая 2026 года в Перми.", "2026-05-05 | Пермь")]),
        ("ja", &[
            ("織物の会", "2026年5月5日19時から渋谷のカフェ青空で織物の会を開催します。", "2026-05-05 19:00 | 渋谷のカフェ青空"),
            ("織物の会", "次回の会は5月5日（火）14:00から、大阪市立中央公会堂で行います。", "2026-05-05 14:00 | 大阪市立中央公会堂"),
        ]),
        ("zh", &[
            ("织布聚会", "我们将于2026年5月5日在上海图书馆举办织布聚会。", "2026-05-05 | 上海图书馆"),
            ("织布聚会", "5月5日晚上7点，我们在北京海淀区的蓝色咖啡馆举行聚会。", "2026-05-05 19:00 | 北京海淀区的蓝色咖啡馆"),
        ]),
    ]);
}
