import { explore } from '../../src/explore/index.ts'
import type { Exploration, ExploreOptions } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'

/**
 * Explores a scenario from the event loop, and resolves to the result. The explorer looks into loops with V8's inspector,
 * which describes every frame of the stack at each look. Without the frames of vitest and fast-check this takes half the time.
 */
export function exploreShallow(scenario: Scenario, options?: ExploreOptions): Promise<Exploration> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(explore(scenario, options))
      } catch (thrown) {
        reject(thrown)
      }
    })
  })
}
