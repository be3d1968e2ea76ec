/** The headers with which the page is served. */

/** Without these two a browser shares no memory between the page and its workers. */
export const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
} as const

/**
 * Nothing comes from another place, and nothing goes there. The page has this policy in its HTML too, but a worker has only that of its own
 * response. `unsafe-eval` is for the code in the editor, which a worker runs.
 */
export const POLICY = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self' 'unsafe-eval'",
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
} as const
