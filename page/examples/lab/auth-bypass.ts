import { scenario } from 'racelab/explore'
import {
  allocateLabStore,
  createSession,
  LabStore,
  namedWords,
  revokeAuthentication,
  storeRaces,
  updateSession,
} from 'racelab/lab'

const revokeSession = revokeAuthentication.buggy

const setKey = updateSession.buggy

export default scenario({
  name: 'authentication bypass',
  memory() {
    const memory = allocateLabStore({ capacity: 1, metadataBytes: 16 })
    createSession(new LabStore(memory), undefined, '', '', { id: 'a' })
    return memory
  },
  actors: {
    administrator: (memory) => revokeSession(new LabStore(memory), 'a'),
    request(memory) {
      const store = new LabStore(memory)
      if (!store.read('a').isAuthenticated) return 'refused'
      setKey(store, 'a', '', '')
      return 'served'
    },
  },
  observe(memory, { request }) {
    const { isAuthenticated } = new LabStore(memory).read('a')
    return `${request}, ${isAuthenticated ? 'still authenticated' : 'revoked'}`
  },
  outcomes: {
    'refused, revoked': 'acceptable',
    'served, revoked': ['acceptable', 'the request checked before the revocation was done'],
    'served, still authenticated': ['forbidden', 'the revocation is lost'],
  },
  names: namedWords,
  races: storeRaces,
})
