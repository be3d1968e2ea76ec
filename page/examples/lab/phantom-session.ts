import { scenario } from 'racelab/explore'
import {
  allocateLabStore,
  countSessions,
  createSession,
  deleteSession,
  LabStore,
  namedWords,
  storeRaces,
} from 'racelab/lab'

const remove = deleteSession.buggy

const count = countSessions['separate-locks']

/** How many sessions there are, how many the stats say are active, and how many wait for the clean-up. */
function countsOf(store: LabStore): string {
  const { sessions, activeSessions, cleanupQueueSize } = count(store)
  // The one session is in the store, or waits for the clean-up.
  const agree = sessions === activeSessions && sessions + cleanupQueueSize === 1
  return agree ? 'agree' : `sessions=${sessions} active=${activeSessions} queue=${cleanupQueueSize}`
}

export default scenario({
  name: 'phantom session',
  memory() {
    const memory = allocateLabStore({ capacity: 2, metadataBytes: 0, queueCapacity: 2 })
    createSession(new LabStore(memory), undefined, 'u1', 'alice', { id: 'a' })
    return memory
  },
  actors: {
    alice: (memory) => remove(new LabStore(memory), 'a'),
    bob(memory) {
      const store = new LabStore(memory)
      remove(store, 'a')
      return countsOf(store)
    },
  },
  observe: (memory, { bob }) => `${bob}, then ${countsOf(new LabStore(memory))}`,
  outcomes: {
    'agree, then agree': 'acceptable',
    'sessions=0 active=0 queue=0, then agree': [
      'forbidden',
      'the session has left the store and is not yet queued: it is nowhere',
    ],
    'agree, then sessions=0 active=0 queue=2': ['forbidden', 'one session is queued twice'],
  },
  names: namedWords,
  races: storeRaces,
})
