//! Names that have lost a letter on their way through a program that knows only ASCII.

/// Common names without their accented letter. None of them is a name. In the order of their bytes.
#[rustfmt::skip]
const LOST_LETTERS: [&str; 62] = [
    "Andr", "Bhm", "Bjrk", "Bjrn", "Brbel", "Ccile", "Csar", "Fernndez", "Franois", "Franoise", "Frdric", "Garca", "Gmez", "Gnter",
    "Gnther", "Gonalves", "Gonzlez", "Gtz", "Gutirrez", "Hctor", "Hernndez", "Hlne", "Jger", "Jimnez", "Jrg", "Jrgen",
    "Jrgensen", "Jrme", "Jrn", "Khler", "Knig", "Krger", "Krmer", "Lffler", "Lpez", "Magalhes", "Martnez", "Mller", "Mnch", "Mndez",
    "Pawe", "Prez", "Ramrez", "Rdiger", "Rodrguez", "Schfer", "Schrder", "Schtz", "Snchez", "Sren", "Srensen", "Stanisaw",
    "Stphane", "Stphanie", "Thrse", "Valrie", "Vlker", "Vzquez", "lvarez", "ngel", "ukasz", "zlem",
];

/// Returns whether `word` is such a name.
pub(super) fn lost_letter(word: &str) -> bool {
    LOST_LETTERS.binary_search(&word).is_ok()
}
