-- AES with keys of 256 bits, block by block.
return require(".crypto.core.rijndael")(256)
