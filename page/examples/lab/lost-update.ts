import { scenario } from 'racelab/explore'
import { allocateLabStore, createSession, incrementAccess, LabStore, namedWords, storeRaces } from 'racelab/lab'

const increment = incrementAccess.buggy

export default scenario({
  name: 'lost update',
  memory() {
    const memory = allocateLabStore({ capacity: 1, metadataBytes: 0 })
    createSession(new LabStore(memory), undefined, 'u1', 'alice', { id: 'a' })
    return memory
  },
  actors: {
    alice: (memory) => increment(new LabStore(memory), 'a'),
    bob: (memory) => increment(new LabStore(memory), 'a'),
  },
  observe: (memory) => new LabStore(memory).read('a').accessCount,
  outcomes: { 2: 'acceptable', 1: ['forbidden', 'one increment is lost'] },
  names: namedWords,
  races: storeRaces,
})
