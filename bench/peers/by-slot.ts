/** A ceiling: racelab's own operations without the search, as if every session had been found before. */
import { SessionManager } from '../../src/store/manager.ts'
import { ACTIVE, stateOf } from '../../src/store/control.ts'
import { type Reading, SessionStore } from '../../src/store/store.ts'
import type { Place as SlotPlace } from '../../src/store/records.ts'
import type { Client, Contestant } from './contestant.ts'
import { clientOf, racelab } from './racelab.ts'

/** What a session is known by: where it was found once. */
interface Handle {
  readonly id: string
  readonly slot: number
}

export const bySlot: Contestant = {
  name: 'racelab, by slot',
  role: 'ceiling',
  operations: ['increment', 'get', 'set'],
  note: 'a call each, and each session found only once',
  version: racelab.version,
  open: racelab.open,

  attach(memory): Client<Handle> {
    const store = new SessionStore(memory as SharedArrayBuffer)
    /** A slot as it is while nobody writes, which is what finding waits for too. */
    const now = (slot: number): SlotPlace => {
      let control = store.records.control(slot)
      while (stateOf(control) !== ACTIVE) control = store.records.control(slot)
      return { slot, control }
    }
    return {
      handle: (id) => ({ id, slot: store.place(id).slot }),
      create: clientOf(new SessionManager(memory as SharedArrayBuffer)).create,
      increment(handles) {
        for (const { slot } of handles) while (store.countIf(now(slot)) === undefined);
      },
      get(handles, look) {
        for (const { id, slot } of handles) {
          let reading: Reading | undefined
          while (reading === undefined) reading = store.lookAt(now(slot), id)
          look(reading.session)
        }
      },
      set(handles, key, values) {
        for (let index = 0; index < handles.length; index++) {
          while (!store.setIf(now(handles[index]!.slot), key, values[index]!));
        }
      },
    }
  },
}
