/**
 * The explorer without the checks of its predictions. A loop that its prediction refuses is refused by the explorer with
 * the checks as well, so these tests are the stricter ones: with the checks, a wrong prediction would go unnoticed.
 */
import { exploreUnchecked } from '../loops/mutated.ts'

export const explore = await exploreUnchecked()
