/** The lab's bugs and their fixes, with the source of each variant. */
import countSessionsText from '../../src/lab/variants/count-sessions.ts?raw'
import deleteSessionText from '../../src/lab/variants/delete-session.ts?raw'
import incrementAccessText from '../../src/lab/variants/increment-access.ts?raw'
import refreshFromDatabaseText from '../../src/lab/variants/refresh-from-database.ts?raw'
import revokeAuthenticationText from '../../src/lab/variants/revoke-authentication.ts?raw'
import runCleanupText from '../../src/lab/variants/run-cleanup.ts?raw'
import updateSessionText from '../../src/lab/variants/update-session.ts?raw'
import type { Example } from './example.ts'
import authBypass from './lab/auth-bypass.ts?raw'
import cleanupLeak from './lab/cleanup-leak.ts?raw'
import lostUpdate from './lab/lost-update.ts?raw'
import phantomSession from './lab/phantom-session.ts?raw'
import rateLimitBypass from './lab/rate-limit-bypass.ts?raw'
import sessionFixation from './lab/session-fixation.ts?raw'
import staleOverwrite from './lab/stale-overwrite.ts?raw'
import { withVariants } from './variant-text.ts'

const sources = {
  countSessions: countSessionsText,
  deleteSession: deleteSessionText,
  incrementAccess: incrementAccessText,
  refreshFromDatabase: refreshFromDatabaseText,
  revokeAuthentication: revokeAuthenticationText,
  runCleanup: runCleanupText,
  updateSession: updateSessionText,
}

/** Returns an example for each variant of a lesson. The variant's name stands for the operations that it uses. */
function lesson(
  name: string,
  code: string,
  variants: Readonly<Record<string, readonly [Example['verdict'], using: Readonly<Record<string, string>>]>>,
): Example[] {
  return Object.entries(variants).map(([variant, [verdict, using]]) => ({
    name: `${name}/${variant}`,
    title: `${name}: ${variant}`,
    group: 'The lab’s bugs and their fixes',
    code: withVariants(code, using, sources),
    verdict,
  }))
}

export const LESSONS: readonly Example[] = [
  ...lesson('lost-update', lostUpdate, {
    buggy: ['fail', { increment: 'buggy' }],
    'write-lock': ['pass', { increment: 'write-lock' }],
    mutex: ['pass', { increment: 'mutex' }],
    'atomic-add': ['pass', { increment: 'atomic-add' }],
    cas: ['pass', { increment: 'cas' }],
  }),
  ...lesson('stale-overwrite', staleOverwrite, {
    buggy: ['fail', { refresh: 'buggy' }],
    'less-than': ['fail', { refresh: 'less-than' }],
    timestamp: ['fail', { refresh: 'timestamp' }],
    'version-equal': ['pass', { refresh: 'version-equal' }],
    'newer-only': ['pass', { refresh: 'newer-only' }],
  }),
  ...lesson('cleanup-leak', cleanupLeak, {
    buggy: ['fail', { remove: 'buggy', cleanUp: 'buggy' }],
    'retry-limit': ['pass', { remove: 'buggy', cleanUp: 'retry-limit' }],
    'dead-letter': ['pass', { remove: 'state-machine', cleanUp: 'dead-letter' }],
  }),
  ...lesson('phantom-session', phantomSession, {
    buggy: ['fail', { remove: 'buggy', count: 'separate-locks' }],
    'check-then-lock': ['fail', { remove: 'check-then-lock', count: 'all-locks' }],
    'all-locks': ['pass', { remove: 'all-locks', count: 'all-locks' }],
    'state-machine': ['pass', { remove: 'state-machine', count: 'state-machine' }],
  }),
  ...lesson('auth-bypass', authBypass, {
    buggy: ['fail', { revokeSession: 'buggy', setKey: 'buggy' }],
    sound: ['pass', { revokeSession: 'cas', setKey: 'cas' }],
  }),
  ...lesson('rate-limit-bypass', rateLimitBypass, {
    buggy: ['fail', { increment: 'buggy' }],
    sound: ['pass', { increment: 'cas' }],
  }),
  ...lesson('session-fixation', sessionFixation, {
    buggy: ['fail', { remove: 'buggy', cleanUp: 'buggy' }],
    sound: ['pass', { remove: 'state-machine', cleanUp: 'dead-letter' }],
  }),
]
