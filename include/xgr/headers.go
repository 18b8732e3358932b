// Package headers holds no Go: it makes the Go tools carry the C headers along with the module.
package headers
