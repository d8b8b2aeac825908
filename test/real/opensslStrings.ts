import fc from 'fast-check';
import { CIPHER_ALIASES, CIPHER_SUITES, FORMER_ALIASES } from '../../server/src/facts/tlsCiphers.ts';

const suites = [...CIPHER_SUITES.values()];
const names = fc.constantFrom(...suites.map(({ name }) => name));
const aliases = fc.constantFrom(...CIPHER_ALIASES.keys());
/** Words that decide a list of everyday life. */
const common = fc.constantFrom(
  ...'HIGH MEDIUM ALL EECDH ECDHE EDH DHE AESGCM AES AES128 AES256 CHACHA20 kRSA RSA SHA SHA1 SHA256 SHA384 TLSv1.2'.split(
    ' ',
  ),
  ...'ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES128-GCM-SHA256 AES128-SHA AES256-SHA DHE-RSA-AES128-GCM-SHA256'.split(
    ' ',
  ),
);
const strangers = fc.oneof(
  fc.constantFrom(...FORMER_ALIASES, 'DEFAULT', 'SUITEB128', 'ECDHE-RSA-AES128-GCM', 'X', '-', '=', '.', '3'),
  fc.constantFrom(...suites.map(({ iana }) => iana)),
  names.map(name => name.toLowerCase()),
  aliases.map(alias => alias.toLowerCase()),
);
const word = fc.oneof(
  { weight: 5, arbitrary: aliases },
  { weight: 4, arbitrary: common },
  { weight: 4, arbitrary: names },
  { weight: 1, arbitrary: strangers },
);

const conjunction = fc
  .oneof(
    { weight: 6, arbitrary: fc.tuple(word) },
    { weight: 3, arbitrary: fc.tuple(word, word) },
    { weight: 1, arbitrary: fc.array(word, { minLength: 3, maxLength: 4 }) },
  )
  .map(words => words.join('+'));

const sign = fc.constantFrom('', '', '', '', '!', '!', '-', '+');
const command = fc.oneof(
  fc.constantFrom('@STRENGTH', '@STRENGTH', '@SECLEVEL=0', '@SECLEVEL=1', '@SECLEVEL=2', '@SECLEVEL=3'),
  fc.constantFrom('@SECLEVEL=4', '@SECLEVEL=5', '@STRENGTH+AES'),
);
const item = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(sign, conjunction).map(parts => parts.join('')) },
  { weight: 1, arbitrary: command },
);

/** Mostly one kind of separator in a string; none at all is one too. */
function joined(separators: fc.Arbitrary<string>, items: fc.Arbitrary<string[]>): fc.Arbitrary<string> {
  return fc
    .tuple(items, fc.array(separators, { minLength: 12, maxLength: 12 }))
    .map(([list, between]) => list.map((text, i) => (i === 0 ? text : `${between[i % 12]}${text}`)).join(''));
}

const items = fc.array(item, { minLength: 1, maxLength: 12 });
const usual = joined(fc.constant(':'), items);
const beginning = fc.constantFrom(
  ...['DEFAULT', 'DEFAULT:', 'DEFAULTS', 'DEFAULT+', 'ALL:', 'ALL:eNULL:', 'ALL:COMPLEMENTOFALL:', 'HIGH:!aNULL:'],
  ...['SUITEB128', 'SUITEB192:', 'SUITEB128ONLY', 'SUITEB128C2', ' ', '::'],
);
const stray = fc.constantFrom(
  '\n',
  '\t',
  '\r',
  '_',
  '*',
  '"',
  '[',
  ']',
  '|',
  '/',
  '&',
  '@',
  '+',
  '!',
  '-',
  'é',
  '𝒳',
  ' :',
);

/** Something that does not belong there, anywhere. */
const damaged = fc
  .tuple(usual, stray, fc.nat())
  .map(([text, what, at]) => text.slice(0, at % (text.length + 1)) + what + text.slice(at % (text.length + 1)));

/** Cipher strings as people write them, as the grammar allows them, and broken ones. */
export const cipherStrings: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: usual },
  { weight: 3, arbitrary: fc.tuple(beginning, usual).map(parts => parts.join('')) },
  { weight: 3, arbitrary: joined(fc.constantFrom(':', ',', ' ', ';', ', ', '::'), items) },
  { weight: 2, arbitrary: joined(fc.constantFrom('', ':'), items) },
  { weight: 2, arbitrary: damaged },
  { weight: 2, arbitrary: joined(fc.constant(':'), fc.array(common, { minLength: 2, maxLength: 20 })) },
);
