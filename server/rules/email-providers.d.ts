/** The package has no types of its own: one list of lower-case domains. */
declare module 'email-providers' {
  const domains: readonly string[];
  export default domains;
}
