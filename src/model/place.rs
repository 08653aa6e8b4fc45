//! Where an event happens, and how one may attend.

use serde::{Deserialize, Serialize};
use url::Url;

/// Where. All parts optional; a place with none of them is no place.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Place {
    /// The venue, or the town where that is all we know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The postal address in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Room or floor inside the venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// Where on the globe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<Coordinates>,
    /// Where to join online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online: Option<Url>,
    /// How one may attend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance: Option<Attendance>,
}

/// Degrees north and east (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    /// −90 to 90.
    pub latitude: f64,
    /// −180 to 180.
    pub longitude: f64,
}

/// How one may attend (schema.org `eventAttendanceMode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attendance {
    /// In person only.
    Offline,
    /// Online only.
    Online,
    /// Both.
    Mixed,
}

impl Place {
    /// Room, name and address in one line without repeating itself, as LOCATION shows it; `None` if nothing but a link is known.
    pub fn line(&self) -> Option<String> {
        let all: Vec<&str> =
            [&self.room, &self.name, &self.address].into_iter().flatten().map(String::as_str).collect();
        let mut parts: Vec<&str> = Vec::new();
        for (i, part) in all.iter().enumerate() {
            let told_by_another = all
                .iter()
                .enumerate()
                .any(|(j, other)| j != i && other.contains(part) && (other.len() > part.len() || j < i));
            if !told_by_another {
                parts.push(part);
            }
        }
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Where to go and how to join, as LOCATION says it (RFC 5545 §3.8.1.7): calendar apps show nothing else of a place.
    /// Whoever may come or join reads `Harbour Hall, Turku + online`, whoever can only join `Jitsi: https://…`.
    pub fn location(&self) -> Option<String> {
        match (self.line(), &self.online, self.attendance) {
            (Some(line), _, Some(Attendance::Mixed)) if !line.to_lowercase().contains("online") => {
                Some(format!("{line} + online"))
            }
            (Some(line), Some(url), Some(Attendance::Online)) => Some(format!("{line}: {url}")),
            (line, url, _) => line.or_else(|| url.as_ref().map(ToString::to_string)),
        }
    }

    /// True if nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Place::default()
    }

    /// What people compare when they ask whether the place changed: everything but coordinates.
    pub fn same_for_people(&self, other: &Place) -> bool {
        self.line() == other.line() && self.online == other.online && self.attendance == other.attendance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_line_does_not_repeat_itself() {
        let place = Place {
            name: Some("Harbour Hall".into()),
            address: Some("Harbour Hall, Quay 3, Turku".into()),
            room: Some("Room 2".into()),
            ..Place::default()
        };
        assert_eq!(place.line().as_deref(), Some("Room 2, Harbour Hall, Quay 3, Turku"));
        assert_eq!(Place { room: None, ..place }.line().as_deref(), Some("Harbour Hall, Quay 3, Turku"));
        assert_eq!(Place::default().line(), None);
    }

    #[test]
    fn a_location_says_how_to_join_too() {
        let at = |name: Option<&str>, online: Option<&str>, attendance| Place {
            name: name.map(str::to_owned),
            online: online.map(|url| url.parse().unwrap()),
            attendance: Some(attendance),
            ..Place::default()
        };
        let url = Some("https://meet.ponds.example/weave");
        let cases = [
            (at(Some("Turku"), None, Attendance::Offline), Some("Turku")),
            (at(Some("Turku"), url, Attendance::Mixed), Some("Turku + online")),
            (at(Some("Turku and online"), url, Attendance::Mixed), Some("Turku and online")),
            (at(Some("Jitsi"), url, Attendance::Online), Some("Jitsi: https://meet.ponds.example/weave")),
            (at(None, url, Attendance::Online), url),
            (at(None, None, Attendance::Online), None),
        ];
        for (place, location) in cases {
            assert_eq!(place.location().as_deref(), location);
        }
    }
}
