-- Reads who is in a room.
--
-- KEYS[1] who is in the room by any node: a sorted set, all scores 0
-- KEYS[2] a hash: under the empty name, sessions in all
-- ARGV[1] users after this one, by their bytes; or empty
-- ARGV[2] how many users at most
--
-- Result: a list: how many users are there, how many sessions, and the users.

local users = {}
if ARGV[2] ~= '0' then
  local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
  users = redis.call('ZRANGEBYLEX', KEYS[1], from, '+', 'LIMIT', 0, ARGV[2])
end
table.insert(users, 1, redis.call('HGET', KEYS[2], '') or '0')
table.insert(users, 1, tostring(redis.call('ZCARD', KEYS[1])))
return users
