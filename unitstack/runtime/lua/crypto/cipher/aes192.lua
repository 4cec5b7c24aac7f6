-- AES with keys of 192 bits, block by block.
return require(".crypto.core.rijndael")(192)
