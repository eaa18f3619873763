-- A node says that it is alive, or takes over the work for one that is not.
--
-- KEYS[1] all nodes: a hash of what each said last. That begins with n while the node is alive, x when
--   it has ended, c when another one cleans up after it
-- ARGV[1] the node
-- ARGV[2] what is to be said of it now
-- ARGV[3] new: nothing may have been said of it; alive: it must have been alive; else it must be this
--
-- Result: KEYS[1] as a list of nodes and what they said; empty when nothing was done.

local said = redis.call('HGET', KEYS[1], ARGV[1])
local allowed
if ARGV[3] == 'new' then
  allowed = not said
elseif ARGV[3] == 'alive' then
  allowed = said and string.sub(said, 1, 1) == 'n'
else
  allowed = said == ARGV[3]
end
if not allowed then
  return {}
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return redis.call('HGETALL', KEYS[1])
