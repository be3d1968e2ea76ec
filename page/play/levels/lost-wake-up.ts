import type { Level } from '../level.ts'

export const lostWakeUp: Level = {
  id: 'lost-wake-up',
  title: 'Lost wake-up',
  story:
    'The guest looks whether the meal is ready; if not, it sleeps until the bell rings. It must not sleep forever.',
  code: `const MEAL = 0
const BELL = 1

const guest = (words: Int32Array) => {
  if (Atomics.load(words, MEAL) === 0) {
    Atomics.wait(words, BELL, 0)
  }
}

const cook = (words: Int32Array) => {
  Atomics.store(words, MEAL, 1)
  Atomics.notify(words, BELL)
}

export default {
  name: 'a bell',
  memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: { guest, cook },
  observe: () => 'the guest has eaten',
  outcomes: { 'the guest has eaten': 'acceptable' },
  names: (words: Int32Array) => ({ meal: [words, MEAL], bell: [words, BELL] }),
}
`,
  best: 1,
  lesson:
    'A notify wakes those who sleep now, and leaves nothing behind for those who fall asleep later. The guest had looked, but did not sleep yet.',
  fix: {
    story:
      'The guest waits on the meal itself: Atomics.wait looks once more at the word, in the same step in which it falls asleep.',
    code: `const MEAL = 0

const guest = (words: Int32Array) => {
  if (Atomics.load(words, MEAL) === 0) {
    Atomics.wait(words, MEAL, 0)
  }
}

const cook = (words: Int32Array) => {
  Atomics.store(words, MEAL, 1)
  Atomics.notify(words, MEAL)
}

export default {
  name: 'no bell',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { guest, cook },
  observe: () => 'the guest has eaten',
  outcomes: { 'the guest has eaten': 'acceptable' },
  names: (words: Int32Array) => ({ meal: [words, MEAL] }),
}
`,
    lesson:
      'Wait on the word that you wait for. If it has changed since the look, the wait returns at once; if not, the notify is still to come.',
  },
}
