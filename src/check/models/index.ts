/** The models that there are, by name. */
import type { Model } from '../model.ts'
import { map, queue, set, stack } from './collections.ts'
import { mutex, semaphore } from './locks.ts'
import { casRegister, counter, register } from './registers.ts'

/** The models that there are, by name. `racelab/check` exports each of them too. */
export const models = {
  register,
  'cas-register': casRegister,
  counter,
  set,
  map,
  queue,
  stack,
  mutex,
  semaphore,
} satisfies Record<string, Model<any>>
