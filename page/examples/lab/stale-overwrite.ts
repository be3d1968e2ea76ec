import { scenario } from 'racelab/explore'
import {
  allocateLabStore,
  allocateOneRow,
  createSession,
  LabStore,
  namedWords,
  openOneRow,
  refreshFromDatabase,
  storeRaces,
  updateSession,
} from 'racelab/lab'

const refresh = refreshFromDatabase.buggy

/** The data of the row after an edit. The database is one word: the version of the row, which an edit makes larger. */
const dataOf = (edit: number) => ({
  userId: '',
  username: '',
  accessCount: edit,
  isAuthenticated: true,
  lastActivity: Date.now(),
  metadata: new Map([['edit', String(edit)]]),
})
const open = (row: SharedArrayBuffer) => openOneRow(row, (version) => dataOf(version - 1))
const rowOf = (edit: number) => ({ version: edit + 1, data: dataOf(edit) })
const editIn = (store: LabStore) => Number(store.read('a').metadata.get('edit'))

export default scenario({
  name: 'stale overwrite',
  memory() {
    const memory = { store: allocateLabStore({ capacity: 1, metadataBytes: 20 }), row: allocateOneRow() }
    const metadata = new Map([['edit', '0']])
    createSession(new LabStore(memory.store), open(memory.row), '', '', { id: 'a', metadata })
    return memory
  },
  actors: {
    refresher: ({ store, row }) => refresh(new LabStore(store), open(row), 'a'),
    // The row first, then the session, as a write-through cache does.
    editor({ store, row }) {
      open(row).store('a', rowOf(1))
      updateSession.cas(new LabStore(store), 'a', 'edit', '1')
    },
  },
  observe(memory) {
    const [store, database] = [new LabStore(memory.store), open(memory.row)]
    const edited = editIn(store) === 1
    // At the end the row alone is changed, and a refresh must take it.
    database.store('a', rowOf(9))
    refresh(store, database, 'a')
    return `${edited ? 'edited' : 'edit lost'}, ${editIn(store) === 9 ? 'refreshed' : 'never refreshed'}`
  },
  outcomes: {
    'edited, refreshed': 'acceptable',
    'edit lost, refreshed': ['forbidden', 'the refresh overwrote the edit with an older row'],
    'edited, never refreshed': ['forbidden', 'a refresh never takes a row that changed in the database'],
  },
  names: ({ store, row }) => ({ ...namedWords(store), row: [new Int32Array(row), 0] }),
  races: storeRaces,
})
