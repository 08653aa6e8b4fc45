//! Names that tell a place from other names: countries, and the venues of the internet.

/// Countries and what people write for them, as written.
#[rustfmt::skip]
pub const COUNTRIES: &[&str] = &[
    "Albania", "Argentina", "Armenia", "Australia", "Austria", "Azerbaijan", "Bangladesh", "Belarus", "Belgium",
    "Bolivia", "Bosnia", "Brazil", "Bulgaria", "Cameroon", "Canada", "Chile", "China", "Colombia", "Costa Rica",
    "Croatia", "Cuba", "Cyprus", "Czechia", "Czech Republic", "Denmark", "Ecuador", "Egypt", "England", "Estonia",
    "Ethiopia", "Finland", "France", "Georgia", "Germany", "Ghana", "Greece", "Guatemala", "Hungary", "Iceland",
    "India", "Indonesia", "Iran", "Ireland", "Israel", "Italy", "Japan", "Jordan", "Kazakhstan", "Kenya", "Kosovo",
    "Latvia", "Lebanon", "Lithuania", "Luxembourg", "Malaysia", "Malta", "Mexico", "Moldova", "Montenegro", "Morocco",
    "Nepal", "Netherlands", "New Zealand", "Nigeria", "North Macedonia", "Norway", "Pakistan", "Panama", "Paraguay",
    "Peru", "Philippines", "Poland", "Portugal", "Qatar", "Romania", "Russia", "Rwanda", "Saudi Arabia", "Scotland",
    "Senegal", "Serbia", "Singapore", "Slovakia", "Slovenia", "South Africa", "South Korea", "Korea", "Spain",
    "Sri Lanka", "Sweden", "Switzerland", "Taiwan", "Tanzania", "Thailand", "The Netherlands", "Tunisia", "Turkey",
    "Türkiye", "UAE", "UK", "USA", "Uganda", "Ukraine", "United Kingdom", "United States", "Uruguay", "Uzbekistan",
    "Venezuela", "Vietnam", "Wales", "Zambia", "Zimbabwe",
];

/// States and provinces that stand behind a town as a country does.
#[rustfmt::skip]
pub const REGIONS: &[&str] = &[
    "Alabama", "Alaska", "Arizona", "Arkansas", "California", "Colorado", "Connecticut", "Delaware", "Florida",
    "Georgia", "Hawaii", "Idaho", "Illinois", "Indiana", "Iowa", "Kansas", "Kentucky", "Louisiana", "Maine", "Maryland",
    "Massachusetts", "Michigan", "Minnesota", "Mississippi", "Missouri", "Montana", "Nebraska", "Nevada",
    "New Hampshire", "New Jersey", "New Mexico", "New York", "North Carolina", "North Dakota", "Ohio", "Oklahoma",
    "Oregon", "Pennsylvania", "Rhode Island", "South Carolina", "South Dakota", "Tennessee", "Texas", "Utah", "Vermont",
    "Virginia", "Washington", "West Virginia", "Wisconsin", "Wyoming", "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE",
    "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE",
    "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA",
    "WA", "WV", "WI", "WY", "DC", "Ontario", "Quebec", "British Columbia", "Alberta", "BC", "ON", "QC", "Queensland",
    "Victoria", "NSW", "Bavaria",
];

/// Venues of the internet: the host of their links, and their names.
#[rustfmt::skip]
pub const ONLINE_VENUES: &[(&str, &str)] = &[
    ("zoom.us", "Zoom"), ("zoomgov.com", "Zoom"), ("meet.google.com", "Google Meet"),
    ("teams.microsoft.com", "Microsoft Teams"), ("teams.live.com", "Microsoft Teams"), ("meet.jit.si", "Jitsi"),
    ("discord.gg", "Discord"), ("discord.com", "Discord"), ("bbb.", "BigBlueButton"),
    ("bigbluebutton.", "BigBlueButton"), ("webex.com", "Webex"), ("twitch.tv", "Twitch"),
    ("youtube.com/live", "YouTube"), ("matrix.to", "Matrix"), ("gotomeeting.com", "GoTo"), ("gotowebinar.com", "GoTo"),
    ("whereby.com", "Whereby"), ("gather.town", "Gather"), ("hopin.com", "Hopin"), ("workadventu.re", "WorkAdventure"),
];

/// Names of venues of the internet, in lower case, as they stand in running text.
#[rustfmt::skip]
pub const ONLINE_NAMES: &[&str] = &[
    "discord", "zoom", "jitsi", "google meet", "microsoft teams", "ms teams", "bigbluebutton", "big blue button",
    "webex", "twitch", "youtube", "matrix", "irc", "teams", "gather.town", "whereby",
];

/// True where a name ends with a country behind a comma.
pub fn ends_with_country(name: &str) -> bool {
    let Some((_, last)) = name.rsplit_once(", ") else { return false };
    COUNTRIES.contains(&last.trim())
        || REGIONS.contains(&last.trim())
        || last.trim().strip_prefix("the ").is_some_and(|last| COUNTRIES.contains(&last))
}
