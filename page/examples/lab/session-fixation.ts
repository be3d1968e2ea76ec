import { scenario } from 'racelab/explore'
import {
  allocateLabStore,
  allocateOneRow,
  createSession,
  deleteSession,
  LabStore,
  namedWords,
  openOneRow,
  runCleanup,
  SessionExistsError,
  storeRaces,
} from 'racelab/lab'

const remove = deleteSession.buggy

const cleanUp = runCleanup.buggy

/** The database has one row, in one word. */
const open = (row: SharedArrayBuffer) =>
  openOneRow(row, () => ({
    userId: '',
    username: '',
    accessCount: 0,
    isAuthenticated: true,
    lastActivity: 0,
    metadata: new Map(),
  }))

export default scenario({
  name: 'session fixation',
  memory() {
    const memory = {
      store: allocateLabStore({ capacity: 2, metadataBytes: 0, queueCapacity: 2 }),
      row: allocateOneRow(),
    }
    createSession(new LabStore(memory.store), open(memory.row), '', '', { id: 'a' })
    return memory
  },
  actors: {
    deleter({ store: shared, row }) {
      const store = new LabStore(shared)
      remove(store, 'a')
      cleanUp(store, open(row))
    },
    creator({ store, row }) {
      try {
        createSession(new LabStore(store), open(row), '', '', { id: 'a' })
        return 'created'
      } catch (failure) {
        if (failure instanceof SessionExistsError) return 'refused'
        throw failure
      }
    },
  },
  observe({ store, row }, { creator }) {
    const live = new LabStore(store).has('a')
    return `${creator}, ${live ? 'live' : 'gone'} ${open(row).fetch('a') ? 'with a row' : 'without a row'}`
  },
  outcomes: {
    'refused, gone without a row': 'acceptable',
    'created, live with a row': 'acceptable',
    'created, live without a row': ['forbidden', 'the clean-up dropped the row of the new session'],
  },
  names: ({ store, row }) => ({ ...namedWords(store), row: [new Int32Array(row), 0] }),
  races: storeRaces,
})
