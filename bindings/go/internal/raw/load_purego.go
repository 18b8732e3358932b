//go:build !cgo || xgr_purego

package raw

import (
	"fmt"
	"os"
	"runtime"
	"sync"
)

// Load opens the shared library that XGR_LIBRARY names, or that of the system, and finds its functions.
var Load = sync.OnceValue(func() error {
	path := libraryPath()
	library, err := open(path)
	if err != nil {
		return fmt.Errorf("no library %s: %w; set XGR_LIBRARY to the path of libxgr", path, err)
	}
	for _, symbol := range symbols {
		if *symbol.address, err = find(library, symbol.name); err != nil {
			return fmt.Errorf("%s has no %s: %w; it is older than this package", path, symbol.name, err)
		}
	}
	return nil
})

func libraryPath() string {
	if path := os.Getenv("XGR_LIBRARY"); path != "" {
		return path
	}
	switch runtime.GOOS {
	case "windows":
		return "xgr-0.dll"
	case "darwin", "ios":
		return "libxgr.0.dylib"
	}
	return "libxgr.so.0"
}
