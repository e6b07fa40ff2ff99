"""Lists as the script did with which this project began: python bench/case-boto3.py URL INSTANCES REPEAT"""
import json
import resource
import sys
import time

import boto3

url, instances, repeat = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
ec2 = boto3.resource(
    "ec2", region_name="us-east-1", endpoint_url=url, aws_access_key_id="AKIABENCH", aws_secret_access_key="bench"
)
runs = []
for _ in range(repeat):
    before = time.process_time()
    seen = sum(1 for instance in ec2.instances.all() if instance.state["Name"])
    runs.append({"cpuMs": (time.process_time() - before) * 1000, "wallMs": 0})
    if seen != instances:
        raise SystemExit(f"boto3 saw {seen} of {instances} instances")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"runs": runs, "peakRssMb": peak, "calls": []}))
