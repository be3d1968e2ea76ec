import { describe, expect, test } from 'vitest'
import {
  CASES,
  VICTIM,
  controlClock,
  expectSound,
  killedScene,
  managerOf,
  scene,
  statesOf,
  statesOnTheWay,
} from './recovery-scenes.ts'

controlClock()

describe.each(CASES)('%s', (_, withDatabase, operations) => {
  test.each(Object.entries(operations))(
    'whenever a thread is killed while %s, that has happened or has not',
    (_, act) => {
      const states = statesOnTheWay(scene(withDatabase), act)
      for (let step = 0; ; step++) {
        const made = killedScene(withDatabase, act, step)
        if (made === undefined) break
        managerOf(made).recover(VICTIM)
        expect([...states], `killed before step ${step}`).toContain(statesOf(made))
        expectSound(made, `killed before step ${step}`)
      }
    },
  )
})
