-- How a stored image is cut into tiles, as JSON; absent for small ones, and for large ones from before there were tiles.

ALTER TABLE blobs ADD COLUMN tiles text;
