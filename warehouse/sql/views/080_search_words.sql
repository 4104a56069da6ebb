-- main.search_signs, search_gaps, search_pattern, search_one_form, search_fold, search_key, search_forms,
-- search_stop_words: what a word is, to index and to query.
-- One definition for both: warehouse/search_index.py fills the index with these very macros.
-- Grain: one value. Inputs: none. Users: main.search_terms, warehouse/search_index.py, analysts.

-- Thai, Lao, Burmese, Khmer, kana and Han put no spaces between words: there each sign is a word, and signs that are asked
-- for together are looked for as a phrase.
CREATE MACRO main.search_signs() AS
    '\x{E00}-\x{EFF}\x{1000}-\x{109F}\x{1780}-\x{17FF}\x{3041}-\x{30FA}\x{30FC}-\x{30FF}\x{3400}-\x{9FFF}\x{F900}-\x{FAFF}'
    || '\x{20000}-\x{3FFFF}';

COMMENT ON MACRO main.search_signs IS 'Signs that are words of their own, as ranges of a regular expression';

-- What is no part of a word: controls, ASCII but letters and digits, punctuation and symbols of other blocks, and the signs
-- below. Written as ranges, since every query compiles them: \p{L} and its like take ten times as long.
CREATE MACRO main.search_gaps() AS
    '\x00-/:-@\[-`{-\xA9\xAB-\xB1\xB4\xB6-\xB8\xBB\xBF\xD7\xF7\x{60C}\x{60D}\x{61B}-\x{61F}\x{66A}-\x{66D}\x{6D4}'
    || '\x{2000}-\x{206F}\x{20A0}-\x{20CF}\x{2190}-\x{2BFF}\x{2E00}-\x{2E7F}\x{3000}-\x{3040}\x{30FB}\x{FD3E}\x{FD3F}'
    || '\x{FE10}-\x{FE6F}\x{FF01}-\x{FF0F}\x{FFF9}-\x{FFFD}\x{1F000}-\x{1FAFF}' || main.search_signs();

COMMENT ON MACRO main.search_gaps IS 'Characters that part words, as ranges of a regular expression';

-- The rest: letters and digits with their marks, the stars of a masked word ("fata*lities"), and a possessive s.
CREATE MACRO main.search_pattern() AS
    '[' || main.search_signs() || ']|\**[^' || main.search_gaps() || '](?:[^' || main.search_gaps() || ']|\*)*(?:[''’][sS]\b)?';

COMMENT ON MACRO main.search_pattern IS 'Regular expression (RE2) of what search takes for a word';

-- TRANSLATE takes ten times as long as to see that there is nothing to translate.
CREATE MACRO main.search_one_form(word) AS
    CASE
        WHEN REGEXP_MATCHES(word, '[ىةٱیکھۀہ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹øłđı*ـ]')
            THEN TRANSLATE(
                word,
                'ىةٱیکھۀہ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹øłđı*ـ',
                'يهايكههه01234567890123456789oldi'
            )
        ELSE word
    END;

COMMENT ON MACRO main.search_one_form IS 'A word of lower case with alef, ya, ta marbuta, digits and some Latin letters each in one form, without masking stars and tatweel';

-- Accents and vowel signs fall away in scripts that can be written without (Latin, Greek, Cyrillic, Hebrew, Arabic), and
-- hamza where an alef, waw or ya carries it; in others, such as Devanagari, they are part of the word.
CREATE MACRO main.search_fold(word) AS
    main.search_one_form(
        LOWER(
            CASE
                WHEN REGEXP_MATCHES(word, '[A-Za-z\xAA-\x{77F}\x{1E00}-\x{1FFF}]')
                    THEN STRIP_ACCENTS(REGEXP_REPLACE(word, '[''’][sS]$', ''))
                ELSE word
            END
        )
    );

COMMENT ON MACRO main.search_fold IS 'A word as search compares it: without case, accents, vowel signs, hamza, tatweel, masking stars and a possessive s; alef, ya, ta marbuta and digits each in one form';

-- Arabic words that differ in what is written before them (wa-, fa-, bi-, li-, ka-, al-) lie side by side, so that all
-- of them are one stretch of a segment.
CREATE MACRO main.search_key(folded) AS
    CASE
        WHEN REGEXP_MATCHES(folded, '^[وفبلكا]')
            THEN
                (MD5_NUMBER_LOWER(REGEXP_REPLACE(folded, '^[وفبلكا]+(..+)$', '\1')) & 18446744069414584320::UBIGINT)
                | (MD5_NUMBER_LOWER(folded) & 4294967295::UBIGINT)
        ELSE MD5_NUMBER_LOWER(folded)
    END;

COMMENT ON MACRO main.search_key IS 'Key of a folded word in the index';

CREATE MACRO main.search_forms(folded, clitics) AS
    CASE
        WHEN clitics AND REGEXP_MATCHES(folded, '^[\x{620}-\x{6FF}]{3}')
            THEN LIST_DISTINCT(LIST_APPEND(
                LIST_TRANSFORM(
                    ['', 'ال', 'و', 'وال', 'ف', 'فال', 'ب', 'بال', 'وب', 'وبال', 'فب', 'فبال', 'ل', 'لل', 'ول', 'ولل', 'فل', 'فلل'],
                    LAMBDA clitic: clitic || REGEXP_REPLACE(folded, '^[وف]?(?:ب?ال|لل)(...+)$', '\1')
                ),
                folded
            ))
        ELSE [folded]
    END;

COMMENT ON MACRO main.search_forms IS 'The written forms that a folded word stands for: with clitics, an Arabic word also with and without و ف ب ل ال before it';

CREATE MACRO main.search_stop_words() AS
    STRING_SPLIT(
        'a an and are as at be been but by for from had has have he her his i if in into is it its not of on or our she so '
        || 'that the their them there these they this to was we were which who will with would you '
        || 'في من علي ان الي عن التي الذي مع هذا هذه ما لم لا او ثم قد كان كانت انه انها ذلك تلك بعد قبل بين كما كل و هو هي',
        ' '
    );

COMMENT ON MACRO main.search_stop_words IS 'Folded words that a query passes over where it has others; in phrases they count';
