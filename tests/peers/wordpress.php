<?php
// Does in a WordPress what somebody behind its screens would do: reads {"call": function, "with": [arguments]}
// as JSON, calls it, and writes what it gave as JSON. Run by tests/peers/wordpress.py.
$told = json_decode( stream_get_contents( STDIN ), true );
list( , $site, $host ) = $argv;
$_SERVER += array( 'HTTP_HOST' => $host, 'SERVER_NAME' => $host, 'REQUEST_METHOD' => 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1' );
if ( 'wp_install' === $told['call'] ) {
	define( 'WP_INSTALLING', true );
}
require $site . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
// Its writer, who may use any markup.
wp_set_current_user( 1 );
$gave = call_user_func_array( $told['call'], $told['with'] );
if ( is_wp_error( $gave ) ) {
	fwrite( STDERR, $gave->get_error_message() );
	exit( 1 );
}
echo "\n", json_encode( $gave );
