import type { Ended, Handle, Kept, Order, RunCarrier, StopWord } from '../../campaign/carrier.ts';
import type { Word } from '../../campaign/state.ts';
import type { CarrierPlace } from './carried-run.ts';
import { ChannelCarrier } from './channel-carrier.ts';
import { ProcessCarrier } from './process-carrier.ts';

/**
 * Carries each run where it belongs: on a channel of a bench on instruments or wires with the others of that bench, in one
 * process; any other in a process of its own. On twins nothing is shared: there each has its own.
 */
export class CampaignCarrier implements RunCarrier {
  readonly #place: CarrierPlace;
  readonly #alone: ProcessCarrier;
  readonly #channels: ChannelCarrier;

  constructor(place: CarrierPlace) {
    this.#place = place;
    this.#alone = new ProcessCarrier(place);
    this.#channels = new ChannelCarrier(place);
  }

  carry(order: Order, known: (handle: Handle) => void, stop: StopWord): Promise<Ended> {
    return this.#of(order).carry(order, known, stop);
  }

  takeUp(order: Order, handle: Handle, stop: StopWord): Promise<Ended> {
    return this.#of(order).takeUp(order, handle, stop);
  }

  keptFrom(station: string, acknowledged: Word | undefined): Kept | undefined {
    return this.#alone.keptFrom(station, acknowledged);
  }

  #of({ bench, station }: Order): Pick<RunCarrier, 'carry' | 'takeUp'> {
    const isChannel = station !== bench && this.#place.settings.mode !== 'rehearsal';
    return isChannel ? this.#channels : this.#alone;
  }
}
