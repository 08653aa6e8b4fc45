//! Where, in scripts that leave no space between words: 在上海图书馆举办, 渋谷のカフェ青空で開催.

use crate::extract::language::{Class, Classes};
use crate::extract::mentions::classes;
use crate::extract::page::Page;
use crate::extract::telling::{line, place};
use crate::extract::tokens::{Text, Token, is_unspaced};
use crate::gazetteer;
use crate::model::Statement;

/// A name of more tokens is a sentence.
const MOST_TOKENS: usize = 20;
/// The verb stands so near, in tokens.
const VERB_REACH: usize = 16;

/// The place whose preposition or postposition is token `i`, and the token behind both; `dated` are the tokens of dates and hours.
pub fn told(page: &Page, index: usize, text: &Text, dated: &[(usize, usize)], i: usize) -> Option<(Statement, usize)> {
    let (from, end) = if text.has(i, Class::PlaceAfter) {
        (before(text, dated, i)?, i)
    } else if text.has(i, Class::PlaceBefore) && !dated.iter().any(|(from, _)| *from == i + 1) {
        (i + 1, behind(text, i + 1))
    } else {
        return None;
    };
    let after = end.max(i + 1);
    let says = classes(page.cues(index), end, (after + VERB_REACH).min(text.tokens.len()));
    let own = classes(page.cues(index), from, end);
    if from >= end
        || !says.any(Classes::of(&[Class::EventVerb, Class::Happens]))
        || own.any(Classes::of(&[Class::Online, Class::OnlineName]))
    {
        return None;
    }
    let name = line(text.between(from, end));
    // 北京海淀区的创业咖啡: what stands before the small word is where.
    let within = (from..end).find(|at| text.has(*at, Class::Of)).map(|at| line(text.between(from, at)));
    let known = gazetteer::resolve(&name).or_else(|| gazetteer::resolve(&within?)).is_some();
    if !known && !own.any(Classes::of(&[Class::Venue, Class::Room])) {
        return None;
    }
    Some((place(&name, text.between(from, after), "happens-at", if known { 0.85 } else { 0.7 }), after))
}

/// The first token of the name that ends before token `i`.
fn before(text: &Text, dated: &[(usize, usize)], i: usize) -> Option<usize> {
    let least =
        dated.iter().map(|(_, end)| *end).filter(|end| *end <= i).max().unwrap_or(0).max(i.saturating_sub(MOST_TOKENS));
    let mut from = (least..i).rev().take_while(|at| may_stand_in_name(text, *at)).last()?;
    while from < i && text.has(from, Class::Of) {
        from += 1;
    }
    Some(from)
}

/// The token behind the name that begins at `from`: where what happens there is told.
fn behind(text: &Text, from: usize) -> usize {
    let ends = |at: &usize| {
        !may_stand_in_name(text, *at) || text.meaning(*at).classes.any(Classes::of(&[Class::EventVerb, Class::Happens]))
    };
    (from..from + MOST_TOKENS).find(ends).unwrap_or(from)
}

/// Han, Katakana, Latin letters with a capital and what is glued to them; of Hiragana only what joins two nouns.
fn may_stand_in_name(text: &Text, at: usize) -> bool {
    let is_hiragana = |c: char| ('\u{3041}'..='\u{309f}').contains(&c);
    let fits = |token: &Token| match text.written(at).chars().next() {
        Some(c) if is_hiragana(c) => text.has(at, Class::Of),
        Some(c) if is_unspaced(c) => true,
        _ => token.is_word() && token.capital || token.is_number() && !token.spaced || token.is('-'),
    };
    text.at(at).is_some_and(|token| !token.new_line && fits(token))
}
