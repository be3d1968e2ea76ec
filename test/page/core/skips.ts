/** The tests of these files that do not run in a browser, each with what a browser lacks. */
const THREADS = 'it starts threads of Node'
const LOOPS = 'without an inspector a loop that waits is cut off, so that the result is not conclusive'
const PROOFS = 'without an inspector a proof comes to no end, so that the contract counts as unproved'
const FILES = 'it reads files'

/** Why a test is skipped, by a pattern for its name. */
type Skips = readonly (readonly [name: RegExp, why: string])[]

export const SKIPS: Readonly<Record<string, Skips>> = {
  'explore/failures': [[/^a livelock comes after an exception/, LOOPS]],
  'explore/parts': [
    [/^under a bound, an actor whose step sleeps goes on after it/, LOOPS],
    [/^a schedule of another thread is taken to its end/, LOOPS],
  ],
  'explore/snapshot': [[/^a memory of a gibibyte/, 'a browser does not tell how much memory it takes']],
  'explore/token': [[/^every failure of every kind replays to itself/, LOOPS]],
  'explore/verdicts': [
    [/^Peterson’s lock/, LOOPS],
    [/^a handshake without an answer is a livelock/, LOOPS],
    [/^retrying a timed wait that no notify ends is a livelock/, LOOPS],
  ],
  'explore/views': [[/text codecs do what they do elsewhere/, 'a browser’s text codecs take no shared memory']],
  'explore/clients/clients': [
    [/^a call that spins forever is a livelock/, LOOPS],
    [/^a spin lock holds in every client/, LOOPS],
    [/^a reason to stop stops all clients/, 'the search may end before a report on its progress is due'],
  ],
  'explore/contracts/built-in': [
    [/^the contract of \w+ is proved for two threads/, PROOFS],
    [/^the mutex for one thread has two states/, PROOFS],
  ],
  'explore/contracts/walks': [[/^a lock that does not count them is/, PROOFS]],
  'explore/report/interleaving-table': [
    [/^the source is the line of the access/, FILES],
    [/^each actor has a colour of its own/, 'it writes to no terminal'],
  ],
  'store/change-metadata': [[/^\d threads that add to two keys in one step/, THREADS]],
  'store/copies': [[/^a session (?:with .* metadata behaves|is unlike)/, 'it compares by node:assert']],
  'store/pinned': [[/^SQLite keeps the rows/, 'it needs SQLite']],
  'sync/agent': [[/^live threads have distinct agents/, THREADS]],
  'sync/barrier': [[/^a barrier for \d threads/, THREADS]],
  'sync/condition': [
    [/^a condition between \d threads/, THREADS],
    [/^notify(?:One|All) reaches waiters that are about to sleep/, THREADS],
    [/^a waiter has unlocked the mutex while it waits/, THREADS],
    [/^a timed waiter that gave up leaves the waiter beside it/, THREADS],
    [/^two conditions over the same words are one/, THREADS],
  ],
  'sync/mutex': [
    [/^a mutex between \d threads/, THREADS],
    [/^a timed lock (?:gets the mutex|that gave up)/, THREADS],
  ],
  'sync/rw-lock': [
    [/^a read-write lock between \d threads/, THREADS],
    [/^an agent that sleeps at a held lock/, THREADS],
    [/^a writer (?:waiting behind a reader|that gives up)/, THREADS],
    [/^between the last reader and the writer that waits/, THREADS],
  ],
  'sync/semaphore': [
    [/^a semaphore between \d threads/, THREADS],
    [/^a timed acquire (?:gets the permit|that gave up)/, THREADS],
  ],
  'sync/start-gate': [[/^a start gate for \d threads/, THREADS]],
}
