/** Types for a package that has none: a list of domains in lower case. */
declare module 'email-providers' {
  const domains: readonly string[];
  export default domains;
}
