//! Words that say nothing about a subject: they are neither kept nor looked for. After the lists of the Snowball project.

use std::collections::HashSet;
use std::sync::OnceLock;

/// Lower case, ё as е.
const RUSSIAN: &str = "и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот \
    от меня еще нет о из ему теперь когда даже ну ли если уже или ни быть был него до вас нибудь опять уж вам ведь там потом \
    себя ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без будто чего раз тоже себе под будет ж \
    тогда кто этот того потому этого какой какая какие каком какому совсем ним здесь этом один почти мой мое моя мои моего моей \
    моих тем чтобы нее сейчас были куда зачем всех никогда можно при об другой хоть после над больше тот через эти нас про \
    всего них разве эту моя впрочем свою этой перед иногда лучше чуть том нельзя такой им более всегда конечно всю между это \
    ваш ваша ваше ваши вашего вашей ваших наш наша наше наши пожалуйста подскажите скажите здравствуйте привет почему";

/// Lower case.
const ENGLISH: &str = "a an the and or but if of at by for with about to from in on off out over under again then once here \
    there when where why how all any both each few more most other some such no nor not only own same so than too very can \
    could will would should just do does did doing done i me my we our you your he him his she her it its they them their \
    what which who whom this that these those am is are was were be been being have has had having as until while into \
    please hello hi s t d ll m re ve";

/// Whether a word, lower case and with ё as е, is one of them.
pub(super) fn is_stop_word(word: &str) -> bool {
    static WORDS: OnceLock<HashSet<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| RUSSIAN.split_whitespace().chain(ENGLISH.split_whitespace()).collect()).contains(word)
}
