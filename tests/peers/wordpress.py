"""A blog by others: Debian's WordPress, served by PHP's own web server from a database server of its own."""

import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError

SHIPPED = Path("/usr/share/wordpress")
THEME = SHIPPED / "wp-content" / "themes" / "twentytwentythree"
HELPER = Path(__file__).with_name("wordpress.php")
INSTALL = (
    "apt-get install --no-install-recommends wordpress wordpress-theme-twentytwentythree php-cli php-mysql mariadb-server"
    " (WordPress brings a web server along; it is not used and may stay stopped)"
)
SETTINGS = """<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'blog' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:%(socket)s' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'WP_HOME', '%(url)s' );
define( 'WP_SITEURL', '%(url)s' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'DISABLE_WP_CRON', true );
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
"""


def lacking() -> str:
    """What this machine has to install first; empty where all is there."""
    programs = ("php", "mariadbd", "mariadb-install-db", "mariadb")
    return "" if THEME.exists() and all(map(shutil.which, programs)) else INSTALL


class Blog:
    """A WordPress with one writer; what happens behind its screens is done by its own functions."""

    def __init__(self, site: Path, url: str, database: Path) -> None:
        self.site, self.url, self._database = site, url, database
        self.address = url.partition("//")[2]

    def do(self, call: str, *told: object) -> Any:
        """What a function of WordPress gives, called in a process of its own."""
        done = subprocess.run(
            ["php", HELPER, self.site, self.address],
            input=json.dumps({"call": call, "with": told}),
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, (call, done.stderr, done.stdout[-500:])
        # Some functions talk while they work; what they give stands on the last line.
        return json.loads(done.stdout.rpartition("\n")[2])

    def post(self, title: str, words: str, **more: object) -> int:
        """Publish a post and give its number."""
        told = {"post_title": title, "post_content": words, "post_status": "publish", **more}
        return int(self.do("wp_insert_post", {"post_author": 1, **told}, True))

    def comment(self, post: int, author: str, words: str, **more: object) -> int:
        """Say something under a post; approved at once."""
        told = {
            "comment_post_ID": post, "comment_author": author, "comment_content": words,
            "comment_author_email": "", "comment_author_url": "", "comment_approved": 1, **more,
        }  # fmt: skip
        return int(self.do("wp_insert_comment", told))

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """For a while its database does not let the blog in."""
        _sql(self._database, "ALTER USER blog@localhost ACCOUNT LOCK")
        yield
        _sql(self._database, "ALTER USER blog@localhost ACCOUNT UNLOCK")


@contextmanager
def running(folder: Path, port: int) -> Iterator[Blog]:
    """The blog, installed anew in a folder, with pages that have readable addresses."""
    site = folder / "site"
    # A copy: PHP looks for the settings beside the real place of the program, which is Debian's.
    shutil.copytree(SHIPPED, site, ignore_dangling_symlinks=True)
    # The path of a socket may have a hundred characters, which folders of tests exceed.
    with tempfile.TemporaryDirectory(prefix="or-db-") as data, _database(Path(data)) as socket:
        blog = Blog(site, f"http://127.0.0.1:{port}", socket)
        (site / "wp-config.php").write_text(SETTINGS % {"socket": socket, "url": blog.url})
        blog.do(
            "wp_install", "Fietsblog", "marloes", "m@fietsblog.example", True, "", "not-a-secret"
        )
        blog.do("update_option", "permalink_structure", "/%year%/%postname%/")
        blog.do("flush_rewrite_rules", False)
        with subprocess.Popen(
            ["php", "-S", blog.address, "-t", site],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as server:  # fmt: skip
            try:
                _wait(
                    server, lambda: urllib.request.urlopen(f"{blog.url}/feed/", timeout=30).close()
                )
                yield blog
            finally:
                server.kill()


@contextmanager
def _database(data: Path) -> Iterator[Path]:
    """A database server that is asked through a socket only, and knows nothing yet."""
    socket = data / "s"
    me = subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()
    subprocess.run(
        [
            "mariadb-install-db", "--no-defaults", f"--datadir={data / 'd'}", f"--user={me}",
            "--auth-root-authentication-method=normal", "--skip-test-db",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    with subprocess.Popen(
        [
            "mariadbd", "--no-defaults", f"--datadir={data / 'd'}", f"--socket={socket}", f"--user={me}",
            "--skip-networking", "--innodb-buffer-pool-size=32M",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        told = "CREATE DATABASE wordpress; CREATE USER blog@localhost; GRANT ALL ON wordpress.* TO blog@localhost"
        try:
            _wait(server, lambda: _sql(socket, told))
            yield socket
        finally:
            server.terminate()
            server.wait(60)


def _sql(socket: Path, told: str) -> None:
    asks = ["mariadb", "--no-defaults", f"--socket={socket}", "-u", "root", "-e", told]
    subprocess.run(asks, check=True, capture_output=True)


def _wait(process: subprocess.Popen[bytes], ask: Callable[[], None]) -> None:
    """Until it can be asked, for a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(URLError, ConnectionError, subprocess.CalledProcessError):
            ask()
            return
        assert process.poll() is None, "the server ended"
        time.sleep(0.2)
    raise AssertionError("the server does not answer")
