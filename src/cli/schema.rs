//! `noticeboard schema`: the JSON Schema of the config file.

use super::Exit;
use super::screen::Screen;

pub(super) fn schema(screen: &Screen) -> Exit {
    screen.say(&format!("{:#}", crate::config::schema()));
    Exit::Well
}
