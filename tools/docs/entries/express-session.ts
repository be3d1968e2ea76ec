/**
 * A store for express-session that keeps the changes of concurrent requests of one user.
 * `import … from 'racelab/express-session'`.
 *
 * @module express-session
 */
export * from '../../../src/store/express/index.ts'
