/** The lab's own store and the variants of its operations, which the examples of its bugs import as `racelab/lab`. */
import { runCleanup as variants } from '../../src/lab/variants/run-cleanup.ts'
import type { RunCleanup } from '../../src/lab/variants/run-cleanup.ts'

export { failing } from '../../src/lab/databases/failing.ts'
export { allocateOneRow, openOneRow } from '../../src/lab/databases/one-row.ts'
export { namedWords, storeRaces } from '../../src/lab/lessons/named-words.ts'
export { countSessions } from '../../src/lab/variants/count-sessions.ts'
export { deleteSession } from '../../src/lab/variants/delete-session.ts'
export { incrementAccess } from '../../src/lab/variants/increment-access.ts'
export { allocateLabStore } from '../../src/lab/variants/lab-memory.ts'
export type { LabMemory } from '../../src/lab/variants/lab-memory.ts'
export { LabStore } from '../../src/lab/variants/lab-store.ts'
export { refreshFromDatabase } from '../../src/lab/variants/refresh-from-database.ts'
export { revokeAuthentication } from '../../src/lab/variants/revoke-authentication.ts'
export { updateSession } from '../../src/lab/variants/update-session.ts'
export { SessionExistsError } from '../../src/store/errors.ts'
export { census } from '../../src/store/operations/census.ts'
export { createSession } from '../../src/store/operations/create-session.ts'
export { refreshBy } from '../../src/store/operations/refresh-from-database.ts'
export { DEFAULT_ATTEMPTS, dropRow, emptyReport } from '../../src/store/operations/run-cleanup.ts'

/** Each variant takes the same arguments here, whichever it needs. */
export const runCleanup: Readonly<Record<keyof typeof variants, RunCleanup>> = variants
