-- `require` finds what the module bundles; its other places are named in a miss, and are empty.
local host = ...

local error, load, format, gsub = error, load, string.format, string.gsub
local G = host.G

package.path = "/usr/local/share/lua/5.3/?.lua;/usr/local/share/lua/5.3/?/init.lua;/usr/local/lib/lua/5.3/?.lua;"
  .. "/usr/local/lib/lua/5.3/?/init.lua;./?.lua;./?/init.lua"
package.cpath = "/usr/local/lib/lua/5.3/?.so;/usr/local/lib/lua/5.3/loadall.so;./?.so"
package.loadlib = function()
  return nil, "dynamic libraries not enabled; check your Lua installation", "absent"
end

local function miss(name, path)
  local file = gsub(gsub(name, "%.", "/"), "%%", "%%%%")
  local places = gsub(gsub(path, "%?", file), ";", "'\n\tno file '")
  return "\n\tno file '" .. places .. "'"
end

package.searchpath = function(name, path) return nil, miss(name, path) end

local function bundled(name)
  local source = host.sources[name]
  local found = source and name or name .. ".init"
  source = source or host.sources[found]
  if not source then return format("module %s not found", name) end
  local chunk, problem = load(source, found, "t", G)
  if not chunk then error(problem, 0) end
  return chunk, found
end

package.searchers[2] = bundled
package.searchers[3] = function(name) return miss(name, package.path) end
package.searchers[4] = function(name) return miss(name, package.cpath) end
package.searchers[5] = nil

local loaded = package.loaded
loaded._G, loaded.python = G, nil
host.loaded = loaded
