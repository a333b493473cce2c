/** A language that was not tried, or a question that was not asked. */
export interface NotAsked {
  /** The question, or the driver whose language it is. */
  readonly what: string;
  readonly why: string;
}

const LOGIN = 'its server answers nobody before a login, and a login is no question';
const ADDRESSED = 'every frame names the unit, which only its type plate or its bench file says';

/** Drivers whose instruments no question of `probe` reaches. */
export const NO_QUESTION: readonly NotAsked[] = [
  { what: 'arbin/cti', why: LOGIN },
  { what: 'brooks/s-protocol', why: ADDRESSED },
  { what: 'iorodeo/rodeostat', why: 'opening its port may restart the board, which switches the cell off' },
  { what: 'kolibrik/cvm', why: ADDRESSED },
  { what: 'mks/g-series', why: ADDRESSED },
  { what: 'neware/bts-8', why: LOGIN },
  {
    what: 'palmsens/methodscript',
    why: 'a script may be under way, and what is sent to it then is read by the script',
  },
].map(({ what, why }) => ({ what: `driver ${what}`, why }));
