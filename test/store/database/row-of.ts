/** Returns a row all of whose parts hold the same number. */
export function rowOf(version: number) {
  const text = `version ${version}`
  const metadata = new Map([[text, text]])
  const data = { userId: text, username: text, accessCount: version, isAuthenticated: true, lastActivity: version }
  return { version, data: { ...data, metadata } }
}
