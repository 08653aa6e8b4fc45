//! Shim.
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


/// x
pub fn country(name: &str) -> Option<&'static str> { COUNTRIES.iter().find(|c| **c == name).copied() }
/// x
pub fn region(name: &str) -> Option<&'static str> { REGIONS.iter().find(|c| **c == name).copied() }
/// x
pub fn resolve(name: &str) -> Option<()> { name.rsplit_once(", ").and_then(|(_, l)| country(l).or(region(l))).map(|_| ()) }
