-- What a search looks in: title and text cut into words, one space apart, by the same definition as
-- openroads.analysis.query.words, and an index over exactly those words. Stored, because working it
-- out again for every phrase and wildcard costs ten times what reading it does (decision 5).

ALTER TABLE post DROP INDEX IF EXISTS norm_words;

ALTER TABLE post DROP COLUMN IF EXISTS norm;

ALTER TABLE post ADD COLUMN IF NOT EXISTS searchable String MATERIALIZED
    concat(' ', trimBoth(
        replaceRegexpAll(
            replaceRegexpAll(
                replaceRegexpAll(
                    removeDiacriticsUTF8(caseFoldUTF8(
                        if(title = '', text, concat(title, ' \x1E ', text)))),
                    '[\\x{AD}\\x{61C}\\x{180E}\\x{200B}-\\x{200F}\\x{202A}-\\x{202E}\\x{2060}-\\x{206F}\\x{FEFF}]+', ''),
                '([\\x{1E}\\x{E00}-\\x{EFF}\\x{1000}-\\x{109F}\\x{1780}-\\x{17FF}\\x{2E80}-\\x{9FFF}\\x{F900}-\\x{FAFF}\\x{FF66}-\\x{FF9F}\\x{20000}-\\x{3FFFF}])',
                ' \\1 '),
            '[^\\p{L}\\p{N}\\p{Mc}\\x{1E} ][^\\p{L}\\p{N}\\p{Mc}\\x{1E}]*| [^\\p{L}\\p{N}\\p{Mc}\\x{1E}]+', ' ')
        ), ' ') CODEC(LZ4);

ALTER TABLE post MATERIALIZE COLUMN searchable;

ALTER TABLE post ADD INDEX IF NOT EXISTS searchable_words searchable TYPE text(tokenizer = splitByNonAlpha);

ALTER TABLE post MATERIALIZE INDEX searchable_words;
