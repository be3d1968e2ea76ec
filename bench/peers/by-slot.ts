/** A ceiling: racelab's operations without the search for the session, whose slot is known. */
import { SessionManager } from '../../src/store/manager.ts'
import { ACTIVE, stateOf } from '../../src/store/control.ts'
import { SessionStore } from '../../src/store/store.ts'
import type { Reading } from '../../src/store/store.ts'
import type { Stamp } from '../../src/store/records.ts'
import type { Client, Implementation } from './implementation.ts'
import { clientOf, racelab } from './racelab.ts'

/** The id of a session and the slot in which it was found before the contest. */
interface Handle {
  readonly id: string
  readonly slot: number
}

export const bySlot: Implementation = {
  name: 'racelab, by slot',
  role: 'ceiling',
  operations: ['increment', 'get', 'set'],
  note: 'one call for each operation; the slot of each session is known',
  version: racelab.version,
  open: racelab.open,

  attach(memory): Client<Handle> {
    const store = new SessionStore(memory as SharedArrayBuffer)
    /** Returns the slot's stamp while no thread writes to it. A search waits for that as well. */
    const now = (slot: number): Stamp => {
      let control = store.records.control(slot)
      while (stateOf(control) !== ACTIVE) control = store.records.control(slot)
      return { slot, control }
    }
    return {
      handle: (id) => ({ id, slot: store.stamp(id).slot }),
      create: clientOf(new SessionManager(memory as SharedArrayBuffer)).create,
      increment(handles) {
        for (const { slot } of handles) while (store.countIf(now(slot)) === undefined);
      },
      get(handles, onSession) {
        for (const { id, slot } of handles) {
          let reading: Reading | undefined
          while (reading === undefined) reading = store.readingAt(now(slot), id)
          onSession(reading.session)
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
