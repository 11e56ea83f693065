"""The client's durable append log: log calls append here and return, a shipper sends the bytes on."""
