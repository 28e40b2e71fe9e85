package testenv

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// prepare writes the configuration and hands the folder to the owner.
func (s *Server) prepare(port, portTLS int, opts DovecotOptions) error {
	for _, sub := range []string{"run", "state", "home"} {
		if err := os.MkdirAll(filepath.Join(s.dir, sub), 0o755); err != nil {
			return err
		}
	}
	tls := "ssl = no"
	if !opts.NoTLS {
		cert, key := filepath.Join(s.dir, "tls.pem"), filepath.Join(s.dir, "tls.key")
		pair, err := NewCertificate()
		if err != nil {
			return err
		}
		if err := pair.Write(cert, key); err != nil {
			return err
		}
		s.Roots = pair.Roots
		tls = fmt.Sprintf("ssl = yes\nssl_cert = <%s\nssl_key = <%s", cert, key)
	}
	conf := s.configText(port, portTLS, tls)
	if len(opts.Capabilities) > 0 {
		conf += "protocol imap {\n  imap_capability = " + strings.Join(opts.Capabilities, " ") + "\n}\n"
	}
	if opts.Tokens != "" {
		// A password is for those who say one; doveadm, which says none, is not for this server.
		conf = strings.Replace(conf, "  driver = static\n  args = password", "  driver = static\n  mechanisms = plain login\n  args = password", 1)
		conf = strings.Replace(conf, "auth_mechanisms = plain login", "auth_mechanisms = plain login xoauth2", 1) +
			"passdb {\n  driver = oauth2\n  mechanisms = xoauth2\n  args = " + filepath.Join(s.dir, "tokens.conf") + "\n}\n"
		how := "tokeninfo_url = " + opts.Tokens + "\nusername_attribute = email\n"
		if err := os.WriteFile(filepath.Join(s.dir, "tokens.conf"), []byte(how), 0o644); err != nil {
			return err
		}
	}
	if err := os.WriteFile(s.config(), []byte(conf), 0o644); err != nil {
		return err
	}
	return s.handOver(s.dir)
}

// configText is in the syntax of Dovecot 2.3. Durability is off because a test
// that loses power is run again.
func (s *Server) configText(port, portTLS int, tls string) string {
	return strings.NewReplacer("$DIR", s.dir, "$USER", s.owner.user, "$GROUP", s.owner.group,
		"$PORTTLS", fmt.Sprint(portTLS), "$PORT", fmt.Sprint(port), "$PASSWORD", Password, "$TLS", tls).Replace(`protocols = imap
listen = 127.0.0.1
base_dir = $DIR/run
state_dir = $DIR/state
log_path = $DIR/dovecot.log
default_internal_user = $USER
default_internal_group = $GROUP
default_login_user = $USER
$TLS
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/mail
mail_fsync = never
mailbox_list_index = yes
mail_max_userip_connections = 0
passdb {
  driver = static
  args = password=$PASSWORD
}
userdb {
  driver = static
  args = uid=$USER gid=$GROUP home=$DIR/home/%u
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    auto = create
    special_use = \Sent
  }
  mailbox Trash {
    special_use = \Trash
  }
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  process_min_avail = 1
  inet_listener imap {
    port = $PORT
  }
  inet_listener imaps {
    port = $PORTTLS
    ssl = yes
  }
}
service stats {
  chroot =
}
`)
}

// handOver makes the owner own everything below path, and path searchable. The
// server may be at work there: what it takes away meanwhile, as it does its locks,
// needs no owner.
func (s *Server) handOver(path string) error {
	if err := os.Chmod(path, 0o755); err != nil {
		return err
	}
	if !s.owner.drop {
		return nil
	}
	return filepath.WalkDir(path, func(p string, _ fs.DirEntry, err error) error {
		if err == nil {
			err = os.Lchown(p, s.owner.uid, s.owner.gid)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}
