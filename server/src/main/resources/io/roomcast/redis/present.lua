-- Reads who is in a room.
--
-- KEYS[1] who is in the room by any node: a sorted set, all scores 0
-- KEYS[2] a hash: under the empty name, sessions in all
-- KEYS[3] what others may know of users: a hash of infos by user, of those who have one
-- ARGV[1] users after this one, by their bytes; or empty
-- ARGV[2] how many users at most
--
-- Result: a list: how many users are there, how many sessions, how many of the users follow, and
-- these; then, if there is any info in the room, as many infos in the same order, some empty.

local users = {}
if ARGV[2] ~= '0' then
  local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
  users = redis.call('ZRANGEBYLEX', KEYS[1], from, '+', 'LIMIT', 0, ARGV[2])
end
local answer = {
  tostring(redis.call('ZCARD', KEYS[1])),
  redis.call('HGET', KEYS[2], '') or '0',
  tostring(#users),
}
for _, user in ipairs(users) do
  answer[#answer + 1] = user
end
if #users > 0 and redis.call('EXISTS', KEYS[3]) == 1 then
  for _, info in ipairs(redis.call('HMGET', KEYS[3], unpack(users))) do
    answer[#answer + 1] = info or ''
  end
end
return answer
