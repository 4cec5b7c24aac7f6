-- AES with keys of 128 bits, block by block.
return require(".crypto.core.rijndael")(128)
