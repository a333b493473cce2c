/**
 * Headings that speak of a power, a wind or a sun and are none that a plant can follow, and units that are none of these:
 * they are taken only where a person names the column, or not at all.
 */

/** Whole words, in English and German. `min` behind a number is minutes. */
const WORDS = new RegExp(
  `(^|[^a-zäöü])(${[
    'std|stdev|stddev|sd|sigma|deviation|variance|uncertainty|error|quality|flag|count|samples?',
    'direction|dir|azimuth|turbulence|gusts?|böen?|spitze|peak|max|maximum|(?<!\\d[ _-]?)min|minimum',
    'reactive|apparent|power ?factor|cos ?phi|cos ?φ|phi|pf|thd',
    'installed|nameplate|rated|nominal|nennleistung|contracted|price|preis|cost|kosten',
    'limit|limits|limitation|limited|restriction|threshold|grenze|density|dichte',
    'consumption|consumed|demand|usage|auxiliary|self|eigenverbrauch|bedarf|loss|losses|verluste?',
    'efficiency|wirkungsgrad|availability|verfügbarkeit|soc|humidity|feuchte|ramp|change|curtailment',
    'long ?wave|lw|lwd|lwdn|rlds|strd|infra ?red|ir|thermal|terrestrial|atmospheric|net|albedo|reflected',
    'upward|upwelling|outgoing|diffuse|diffus|dhi|extra ?terrestrial|toa|clear ?sky|uv|par|heat|latent|sensible',
  ].join('|')})([^a-zäöü]|$)`,
  'i',
);
/** Parts of German compounds. */
const PARTS =
  /blindleistung|scheinleistung|leistungsfaktor|leistungsdichte|verbrauch|begrenzung|grenzwert|installiert|gegenstrahlung|langwellig|wärmestrom/i;

/** Whether a heading, its lines below included, describes a power or a wind rather than being one. */
export function isDescription(whole: string): boolean {
  const apart = whole.replace(/([a-zäöü])([A-ZÄÖÜ])/g, '$1 $2').replace(/[_-]+/g, ' ');
  return WORDS.test(apart) || PARTS.test(whole);
}

const BASE =
  '(?:[kMGTmuµnhc]?(?:Wh|Whr|J|Hz|VA|VAh|va|var|VAr|Var|VAR|VARh|varh|V|A|Ah|Pa|bar|barg|bara|g|t|m|l|L|mol|cal|N|Nm)|tonn?e?s?|EUR|Euro|€|USD|\\$|GBP|£|CHF|SEK|NOK|DKK|ct|cents?|p|°[CF]?|deg(?:rees?)?|deg ?[CFK]|K|rpm|U|mph|ft|kg|Nm3|Sm3|h|hr|min|s|d|yr|a|kWp|MWp|rad|lux|lx|W|kW|MW|GW|TW|ppm|dB)';
/** A unit or a ratio or product of units, as far as people write such above loads. */
const UNIT_LIKE = new RegExp(`^${BASE}[23²³]?(?: ?(?:[/·*]| per |_per_) ?${BASE}[23²³]?)*$`);
/** A letter in round brackets may be anything (phase A), in square ones it is a unit. */
const LETTER = /^[A-Za-z]$/;

/** Whatever may be a unit in a heading: what stands in brackets, behind `in`, `/` or the last `_`. */
export function unitsIn(text: string): readonly string[] {
  const inBrackets = [...text.matchAll(/\[([^\]]*)\]|\(([^)]*)\)|\{([^}]*)\}/g)].flatMap(found => {
    const round = found[2]?.trim();
    return round !== undefined && LETTER.test(round) ? [] : [(found[1] ?? round ?? found[3] ?? '').trim()];
  });
  const behind = /(?: in | \/ |_|, )([^\s_,]+(?: ?\/ ?\S+)?)$/.exec(text.trim())?.[1];
  return behind === undefined || LETTER.test(behind) ? inBrackets : [...inBrackets, behind];
}

/** Whether it is written like a unit, of whatever. */
export function isUnitLike(text: string): boolean {
  return UNIT_LIKE.test(text);
}
