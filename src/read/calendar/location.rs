//! Where an event takes place: LOCATION, GEO, VLOCATION (RFC 9073 §7.2), and what Apple writes.

use super::lines::{Component, Property};
use crate::model::clean_line;

/// LOCATION as one line: calendars write the lines of an address below each other.
pub(super) fn line(component: &Component) -> Option<String> {
    let text = component.text("LOCATION")?;
    let text = html_escape::decode_html_entities(&text);
    let lines = text.lines().map(|line| clean_line(line).trim_end_matches(',').to_owned());
    Some(lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")).filter(|line| !line.is_empty())
}

/// The name of the place that the event's parts describe.
pub(super) fn name(component: &Component) -> Option<String> {
    let described = locations(component).find_map(|location| location.text("NAME"));
    let apple = || component.first("X-APPLE-STRUCTURED-LOCATION")?.param("X-TITLE").map(str::to_owned);
    described.or_else(apple).map(|name| clean_line(&name)).filter(|name| !name.is_empty())
}

/// Latitude and longitude.
pub(super) fn coordinates(component: &Component) -> Option<(f64, f64)> {
    let own = component.text("GEO").and_then(|geo| pair(&geo));
    let described = || locations(component).find_map(|location| pair(&location.text("GEO")?));
    let apple = || component.first("X-APPLE-STRUCTURED-LOCATION").and_then(geo_uri);
    own.or_else(described).or_else(apple)
}

fn locations<'c, 't>(component: &'c Component<'t>) -> impl Iterator<Item = &'c Component<'t>> {
    component.parts.iter().filter(|part| part.name == "VLOCATION")
}

/// `geo:60.1699,24.9384` (RFC 5870).
fn geo_uri(property: &Property) -> Option<(f64, f64)> {
    let place = property.value.trim();
    let rest = place.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("geo:")).and_then(|_| place.get(4..))?;
    let numbers = rest.split(';').next()?;
    let mut numbers = numbers.split(',');
    pair(&format!("{};{}", numbers.next()?, numbers.next()?))
}

/// `60.1699;24.9384`; the null island is nobody's venue.
fn pair(geo: &str) -> Option<(f64, f64)> {
    let (latitude, longitude) = geo.split_once([';', ','])?;
    let (latitude, longitude): (f64, f64) = (latitude.trim().parse().ok()?, longitude.trim().parse().ok()?);
    let sound = latitude.abs() <= 90.0 && longitude.abs() <= 180.0 && (latitude, longitude) != (0.0, 0.0);
    sound.then_some((latitude, longitude))
}

#[cfg(test)]
mod tests {
    use super::super::lines::components;
    use super::*;

    #[test]
    fn the_lines_of_an_address_become_one() {
        let event =
            components("BEGIN:VEVENT\nLOCATION:Old mill\\nPier 2\\,\\n\\n Turku &amp\\; more\nEND:VEVENT\n").remove(0);
        assert_eq!(line(&event).as_deref(), Some("Old mill, Pier 2, Turku & more"));
    }

    #[test]
    fn the_parts_of_an_event_tell_its_place() {
        for (lines, expected, at) in [
            ("GEO:60.17;24.94", None, Some((60.17, 24.94))),
            ("GEO:0;0", None, None),
            ("GEO:north", None, None),
            ("BEGIN:VLOCATION\nNAME:Old mill\nGEO:60.17;24.94\nEND:VLOCATION", Some("Old mill"), Some((60.17, 24.94))),
            (
                "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=Old mill:geo:60.17,24.94",
                Some("Old mill"),
                Some((60.17, 24.94)),
            ),
            (
                "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=\"Mill, old\":GEO:60.17,24.94,12;u=35",
                Some("Mill, old"),
                Some((60.17, 24.94)),
            ),
            ("X-APPLE-STRUCTURED-LOCATION:geo:", None, None),
        ] {
            let text = format!("BEGIN:VEVENT\n{lines}\nEND:VEVENT\n");
            let event = components(&text).remove(0);
            assert_eq!((name(&event).as_deref(), coordinates(&event)), (expected, at), "{lines}");
        }
    }
}
