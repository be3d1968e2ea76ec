import { scenario } from 'racelab/explore'
import { allocateLabStore, createSession, incrementAccess, LabStore, namedWords, storeRaces } from 'racelab/lab'
import type { LabMemory } from 'racelab/lab'

const increment = incrementAccess.buggy

/** One request may be served. */
const LIMIT = 1
const request = (memory: LabMemory) => increment(new LabStore(memory), 'a') <= LIMIT

export default scenario({
  name: 'rate-limit bypass',
  memory() {
    const memory = allocateLabStore({ capacity: 1, metadataBytes: 0 })
    createSession(new LabStore(memory), undefined, '', '', { id: 'a' })
    return memory
  },
  actors: { alice: request, bob: request },
  observe: (_, { alice, bob }) => `${Number(alice) + Number(bob)} served`,
  outcomes: { '1 served': 'acceptable', '2 served': ['forbidden', 'one request more than the limit was served'] },
  names: namedWords,
  races: storeRaces,
})
