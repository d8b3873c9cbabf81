import Glibc

/// Lets this process open as many files as the system permits it: a shell's usual 1,024 would be reached long
/// before `--max-connections`, and then nobody is accepted.
package func raiseOpenFileLimit() {
  var limit = rlimit()
  let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  guard unsafe getrlimit(files, &limit) == 0 else { return }
  limit.rlim_cur = limit.rlim_max
  _ = unsafe setrlimit(files, &limit)
}
