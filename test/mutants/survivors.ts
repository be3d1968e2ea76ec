/**
 * The mutants of the store's operations that generated clients do not tell from the store, each with the reason. `main.ts` leaves
 * them out; a test checks that each still is a mutant of the store.
 */
import type { Mutant } from './mutants.ts'

/** A file in `src/store`, the line that is changed without its indentation, and `Mutant.what`. */
type Known = readonly [file: string, line: string, what: string]

export const SURVIVORS: readonly { readonly why: string; readonly mutants: readonly Known[] }[] = [
  {
    why: 'Then the session is inserted once more, and refused as before',
    mutants: [
      [
        'operations/create-session.ts',
        'return isEnded && cleanNow(store, database, slot).cleaned > 0',
        'turns a comparison round: >',
      ],
    ],
  },
  {
    why: 'No client has a store of 256 slots',
    mutants: [
      [
        'operations/run-cleanup.ts',
        '{ limit = 256, look = 16 * limit, mostAttempts = DEFAULT_ATTEMPTS }: CleanupOptions = {},',
        'takes another constant: 256',
      ],
    ],
  },
  {
    why: 'A clean-up goes round once at most, and no client has a store of 4,096 slots',
    mutants: [
      [
        'operations/run-cleanup.ts',
        '{ limit = 256, look = 16 * limit, mostAttempts = DEFAULT_ATTEMPTS }: CleanupOptions = {},',
        'takes another constant: 16',
      ],
    ],
  },
  {
    why: 'It needs three threads: a writer, one that sleeps, and one that counts. These clients have too many schedules',
    mutants: [['control.ts', 'return state >= ACTIVE && state <= AWAITED', 'turns a comparison round: <=']],
  },
  {
    why: 'WRITING and AWAITED become one state: each writer that leaves notifies, whether somebody sleeps or not',
    mutants: [['control.ts', 'export const WRITING = 7', 'takes another constant: 7']],
  },
  {
    why: 'No other state has this number, or a larger one',
    mutants: [['control.ts', 'export const DEAD_LETTER = 11', 'takes another constant: 11']],
  },
  {
    why: 'The sequence grows alike. The state takes the place of the lowest bits',
    mutants: [
      ['control.ts', 'const ONE = 16', 'takes another constant: 16'],
      ['control.ts', 'return withState((control + ONE) | 0, state)', 'takes another constant: 0'],
    ],
  },
  {
    why: 'The caller owns the slot, so nobody else changes the word',
    mutants: [
      [
        'records.ts',
        'return (Atomics.add(this.#words, this.recordAt(slot) + RECORD.attempts, 1) + 1) >>> 0',
        'changes in two steps: Atomics.add(this.#words, this.recordAt(slot) + RECORD.attempts, 1)',
      ],
    ],
  },
  {
    why: 'A waiting thread never sleeps: it looks again until the writer has left',
    mutants: [
      [
        'waiting.ts',
        'if (patience === Infinity) Atomics.wait(this.#words, at, value)',
        'does not wait: Atomics.wait(this.#words, at, value)',
      ],
      [
        'records.ts',
        'if (seen === awaited || this.move(slot, seen, awaited)) this.#waiting.for(ownerOf(awaited)!, at, awaited)',
        'turns a comparison round: ===',
      ],
      [
        'records.ts',
        'if (seen === awaited || this.move(slot, seen, awaited)) this.#waiting.for(ownerOf(awaited)!, at, awaited)',
        'turns a comparison round: ||',
      ],
    ],
  },
  {
    why: 'It looks once more before it sleeps',
    mutants: [
      ['records.ts', 'if (spin < SPINS) continue', 'turns a comparison round: <'],
      ['records.ts', 'const SPINS = 50', 'takes another constant: 50'],
    ],
  },
  {
    why: 'It copies one word more: how often a clean-up has failed, 0 for a live session',
    mutants: [['record-writer.ts', 'const LAST_DATA = RECORD.cacheTime + 1', 'takes another constant: 1']],
  },
  {
    why: 'It looks once less before it sleeps',
    mutants: [['records.ts', 'for (let spin = 0; ; spin++) {', 'takes another constant: 0']],
  },
  {
    why: 'No one reads the word',
    mutants: [
      [
        'record-writer.ts',
        'this.#words[this.#records.recordAt(slot) + RECORD.prefetch] = 0',
        'takes another constant: 0',
      ],
    ],
  },
  {
    why: 'The failed compare-and-swap returns the number',
    mutants: [
      ['occupancy.ts', 'let occupied = Atomics.load(this.#words, at)', 'does not load: Atomics.load(this.#words, at)'],
    ],
  },
  {
    why: 'No client damages the memory',
    mutants: [
      [
        'table.ts',
        'if (reach >>> 0 > this.#slots) throw corruptReach(home, reach, this.#slots)',
        'takes another constant: 0',
      ],
    ],
  },
  {
    why: 'It looks at a sound word more closely, and finds nothing',
    mutants: [
      [
        'records.ts',
        'if (state !== WRITING && state !== AWAITED) return state <= DEAD_LETTER ? seen : this.#checked(slot, seen)',
        'turns a comparison round: <=',
      ],
    ],
  },
  {
    why: 'The databases of the clients do not look at the id',
    mutants: [
      [
        'operations/run-cleanup.ts',
        "const id = database === undefined ? '' : idOfTaken(store, slot, control)",
        'turns a comparison round: ===',
      ],
    ],
  },
  {
    why: 'A search looks at one slot more',
    mutants: [
      ['table.ts', 'for (let distance = 0; distance < reach; distance++) {', 'turns a comparison round: <'],
      ['table.ts', 'for (let other = 0; other < reach; other++) {', 'turns a comparison round: <'],
      ['table.ts', 'this.#raiseReach(home, distance + 1)', 'takes another constant: 1'],
    ],
  },
  {
    why: 'It says that the id exists, not that the store is full, while another thread inserts the id. Both are allowed',
    mutants: [['table.ts', 'if (rival !== undefined && isTaken(rival)) return slot', 'turns a comparison round: &&']],
  },
  {
    why: 'The slot after the last one is the first, which is not free either',
    mutants: [
      ['table.ts', 'for (let distance = 0; distance < this.#slots; distance++) {', 'turns a comparison round: <'],
    ],
  },
  {
    why: 'The case of equal distances has been left out before',
    mutants: [['table.ts', 'if (other < distance) {', 'turns a comparison round: <']],
  },
  {
    why: 'It waits until the rival has made itself collide, in place of making it collide',
    mutants: [
      [
        'table.ts',
        'if (this.#records.control(slot) === mine && !this.#records.move(at, rival, withState(rival, COLLIDED))) other--',
        'turns a comparison round: &&',
      ],
    ],
  },
  {
    why: 'Ids have other homes, for all threads alike',
    mutants: [
      ['table.ts', 'this.#slotsPerHash = layout.slots / 2 ** 32', 'takes another constant: 2'],
      ['table.ts', 'this.#slotsPerHash = layout.slots / 2 ** 32', 'takes another constant: 32'],
      ['table.ts', 'return ((hash >>> 0) * this.#slotsPerHash) | 0', 'takes another constant: 0'],
    ],
  },
  {
    why: 'The home of an id stays free, and the table has more slots than sessions',
    mutants: [
      ['table.ts', 'for (let distance = 0; distance < this.#slots; distance++) {', 'takes another constant: 0'],
    ],
  },
  {
    why: 'The control word has the decision too',
    mutants: [['table.ts', 'return true', 'takes another constant: true']],
  },
]

/** Returns why clients do not find a mutant of this source; undefined if they should. */
export function reasonToSurvive(mutant: Mutant, source: string): string | undefined {
  const line = source.split('\n')[mutant.line - 1]!.trim()
  const isMutant = ([file, ...rest]: Known): boolean =>
    mutant.file === `src/store/${file}` && rest[0] === line && rest[1] === mutant.what
  return SURVIVORS.find(({ mutants }) => mutants.some(isMutant))?.why
}
